"""The strict YAML reader: PyYAML's node tree of a document, its values by the YAML 1.2 core schema, their positions.

It uses libyaml's loader with our own resolvers, and is imported only when the fast reader cannot be trusted or a
finding needs a position.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import yaml

from communique.findings import NOWHERE, Finding, Position
from communique.read.position import MAX_DEPTH, MAX_DIGITS, Pointer, Refusal
from communique.read.yamlfaults import Mark, explain_yaml

_FOREIGN_BREAKS = "\x85\u2028\u2029"  # line breaks in YAML 1.1 (and to libyaml), plain characters in YAML 1.2
_STAND_INS = tuple(map(chr, range(0xE000, 0xF8FF)))  # private use

_MENDED: Final = frozenset({"cut-value"})
"""Codes of findings after which a value is read as its author meant it, so that the others are found too."""
_QUOTED: Final = ("'", '"', "|", ">")
_Loader: Any = getattr(yaml, "CLoader", yaml.Loader)
_CORE: Final = (
    ("null", re.compile(r"~|null|Null|NULL|")),
    ("bool", re.compile(r"true|True|TRUE|false|False|FALSE")),
    ("int", re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")),
    ("float", re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")),
)


def read_strict(text: str, file: str) -> tuple[dict[str, Any] | None, list[Finding]]:
    """The mapping in a document, or None if a part of it is missing, and the findings about single keys and values.

    Raises `Refusal` where the document as a whole cannot be read.
    """
    try:
        root = compose(text)
    except yaml.YAMLError as e:
        raise _syntax_refusal(text, e) from None
    if not isinstance(root, yaml.MappingNode):
        at = _at(root) if root is not None else NOWHERE
        raise Refusal("not-a-mapping", "the file must hold keys and values, such as 'id: …'", at)
    builder = _Builder(file, _stand_ins(text))
    value = builder.mapping(root)
    is_whole = all(finding.code in _MENDED for finding in builder.findings)
    return (value if is_whole else None), builder.findings


def _syntax_refusal(text: str, error: yaml.YAMLError) -> Refusal:
    place, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    stop = place or begun
    if stop is not None:
        start = (begun.line, begun.column) if begun is not None else (-1, 0)
        problem, context = (str(getattr(error, name, None) or "") for name in ("problem", "context"))
        fault = explain_yaml(text, Mark(problem, stop.line, stop.column, context, *start))
        return Refusal("yaml-syntax", fault.message, fault.at, fault.fix)
    if isinstance(error, yaml.reader.ReaderError):
        k: int = error.position
        at = Position(text.count("\n", 0, k) + 1, k - text.rfind("\n", 0, k), 1)
        return Refusal("bad-character", f"a character that YAML does not allow: {text[k : k + 1]!r}", at, "take it out")
    return Refusal("yaml-syntax", f"not YAML: {error}", NOWHERE, "write it as the documentation shows")


@lru_cache(maxsize=2)  # a tree can take 300 MB
def compose(text: str) -> yaml.Node | None:
    """PyYAML's node tree of a document. Raises `Refusal` for anything that the profile forbids."""
    safe = text.translate({ord(c): s for s, c in _stand_ins(text).items()})
    _check_profile(safe)
    return yaml.compose(safe, Loader=_Loader)


def _stand_ins(text: str) -> dict[str, str]:
    """For each foreign line break in the text a private-use character that the text does not contain.

    Keys are the private-use characters, values the line breaks that they replace.
    """
    used = [c for c in _FOREIGN_BREAKS if c in text]
    free = [s for s in _STAND_INS if s not in text] if used else []
    if len(free) < len(used):
        raise Refusal("bad-character", "the file uses every character of private use", NOWHERE, "take some out")
    return dict(zip(free, used, strict=False))


def _check_profile(text: str) -> None:
    """Refuse what the profile forbids, in one pass before nodes are built: depth, aliases, anchors, tags, documents."""
    try:
        _check_events(yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as e:
        if "nesting depth" not in str(getattr(e, "problem", "")):
            raise
        _check_events(yaml.parse(text, Loader=yaml.Loader))  # libyaml 0.2.6 stops before the event that is too deep


def _check_events(events: Iterator[yaml.Event]) -> None:
    depth = documents = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        no = _fault_of_event(event, depth, documents)
        if no is not None:
            mark = event.start_mark
            assert mark is not None  # both loaders set it
            raise Refusal(*no[:2], Position(mark.line + 1, mark.column + 1, 1), no[2])


def _fault_of_event(event: yaml.Event, depth: int, documents: int) -> tuple[str, str, str] | None:
    """The code, message and fix for an event that the profile forbids, or None."""
    if documents > 1:
        return "second-document", "a second document begins here", "a file holds one document"
    if depth > MAX_DEPTH:
        return (
            "too-deep",
            f"nested deeper than {MAX_DEPTH} levels",
            "a record needs few levels: write nodes side by side",
        )
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return (
            "yaml-alias",
            "anchors and aliases (& and *) are not allowed",
            "write the value out, or put it into quotes",
        )
    tag = getattr(event, "tag", None)
    if tag:
        return "yaml-tag", f"tags are not allowed: {tag}", "leave the tag out, or put the text into quotes"
    return None


class _Builder:
    """Builds values from PyYAML's nodes by the core schema, and collects findings about single keys and values."""

    def __init__(self, file: str, stand_ins: dict[str, str]) -> None:
        self.file, self.stand_ins = file, stand_ins
        self.findings: list[Finding] = []

    def value(self, node: yaml.Node) -> object:
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child) for child in node.value]
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node)
        assert isinstance(node, yaml.MappingNode)
        return self.mapping(node)

    def mapping(self, node: yaml.MappingNode) -> dict[str, object]:
        made: dict[str, object] = {}
        for key_node, child, rest in _entries(node):
            key = self.key(key_node, made)
            if key is not None:
                made[key] = self.whole(key, child, rest) if rest else self.value(child)
        return made

    def whole(self, key: str, first: yaml.Node, rest: list[yaml.Node]) -> str:
        """A value that the commas in it have taken apart, put together; this is reported."""
        text, end = str(first.value), first.end_mark
        for part in rest:
            gap = part.start_mark.column - end.column - 1 if part.start_mark.line == end.line else 1
            text, end = f"{text},{' ' * gap}{part.value}", part.end_mark
        message = f"between {{ and }} a comma ends a value: this one is cut after {first.value!r}"
        fix = f'write {key}: "{text}"' if '"' not in text else "put the whole value into quotation marks"
        self.refuse(first, "cut-value", message, fix, key)
        return text

    def key(self, node: yaml.Node, siblings: dict[str, object]) -> str | None:
        key = self.value(node)
        if isinstance(key, str) and key not in siblings:
            return key
        if isinstance(key, str):
            self.refuse(
                node, "duplicate-key", f"the key {key!r} occurs twice in this mapping", "keep one of the two", key
            )
        else:
            shown = node.value if isinstance(node, yaml.ScalarNode) else "a list or mapping"
            self.refuse(node, "key-not-text", f"a key must be text, not {shown}", "put it into quotation marks")
        return None

    def scalar(self, node: yaml.ScalarNode) -> object:
        text: str = node.value
        for private, real in self.stand_ins.items():
            text = text.replace(private, real)
        if node.style not in _QUOTED:  # quoted text is always text
            for kind, pattern in _CORE:
                if pattern.fullmatch(text):
                    return self.number(node, kind, text)
        if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):  # libyaml refuses these itself
            self.refuse(node, "bad-character", "half of a surrogate pair is not text", "write the whole character")
        return text

    def number(self, node: yaml.Node, kind: str, text: str) -> object:
        if len(text) <= MAX_DIGITS:
            return _typed(kind, text)
        message = f"a number of {len(text):,} characters is not read"
        self.refuse(node, "not-text", message, "put it into quotation marks, so that it stays as written")
        return text

    def refuse(self, node: yaml.Node, code: str, message: str, fix: str, key: str | None = None) -> None:
        self.findings.append(Finding.at(self.file, _at(node), code, message, fix=fix, path=key))


def _entries(mapping: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node, list[yaml.Node]]]:
    """The keys and values of a mapping, each with what a comma has cut off its value.

    Between braces a plain text ends at a comma: ``{value: 9,000}`` has a second key, 000, without a colon.
    """
    entries: list[tuple[yaml.Node, yaml.Node, list[yaml.Node]]] = []
    for key, value in mapping.value:
        has_colon = (key.end_mark.line, key.end_mark.column) != (value.start_mark.line, value.start_mark.column)
        if mapping.flow_style and not has_colon and entries and _is_plain(key) and _is_plain(entries[-1][1]):
            entries[-1][2].append(key)
        else:
            entries.append((key, value, []))
    return entries


def _is_plain(node: yaml.Node) -> bool:
    """Whether a node is a text without quotation marks, and not empty."""
    return isinstance(node, yaml.ScalarNode) and node.style not in _QUOTED and bool(node.value)


def _typed(kind: str, text: str) -> object:
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "float":
        return float(re.sub(r"(?i)\.(inf|nan)", r"\1", text))
    return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))


# ---- positions


def locate(text: str, pointer: Pointer, *, key: bool, word: str | None) -> Position:
    """The position of a value, of its ``key`` or of a ``word`` in it, or of the nearest enclosing value that exists."""
    try:
        node = compose(text)
    except (Refusal, yaml.YAMLError):
        return NOWHERE
    if node is None:
        return NOWHERE
    for depth, step in enumerate(pointer):
        found = _child(node, step)
        if found is None:
            break
        last = depth == len(pointer) - 1
        node = found[0] if key and last and found[0] is not None else found[1]
    return _extent(text, node, word)


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode) and isinstance(step, str):
        return next(((k, v) for k, v in node.value if k.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    if step == 0:  # one value, written without a list
        return None, node
    return None


def _at(node: yaml.Node) -> Position:
    start, end = node.start_mark, node.end_mark
    length = end.column - start.column if end.line == start.line else 1
    return Position(start.line + 1, start.column + 1, max(length, 1))


def _extent(text: str, node: yaml.Node, word: str | None) -> Position:
    if word and isinstance(node, yaml.ScalarNode):
        for line, column in _find(text, node, word):
            return Position(line, column, len(word))
    if isinstance(node, yaml.MappingNode) and node.value and not node.flow_style:
        node = node.value[0][0]
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        lines = text.split("\n")
        first = node.start_mark.line + 1
        shown = lines[first] if first < len(lines) else ""
        return Position(first + 1, len(shown) - len(shown.lstrip()) + 1, max(len(shown.strip()), 1))
    return _at(node)


def _find(text: str, node: yaml.Node, word: str) -> Iterator[tuple[int, int]]:
    lines = text.split("\n")
    for number in range(node.start_mark.line, min(node.end_mark.line + 1, len(lines))):
        begin = node.start_mark.column if number == node.start_mark.line else 0
        for hit in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", lines[number][begin:]):
            yield number + 1, begin + hit.start() + 1
