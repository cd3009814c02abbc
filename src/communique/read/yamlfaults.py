"""What is wrong with a text that is not YAML, in words of those who write records, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from communique.findings import Position

_QUOTE_IT: Final = "put it into quotation marks"
_SPECIAL: Final = "@`%&*!|>,]}"
_KEY: Final = re.compile(r"[ ]*(?:- +)*([^\s:#\"'\[\]{},][^:#\"'\[\]{}]{0,60}):(?:\s|$)")
_SHOWN: Final = 60


class YamlFault(NamedTuple):
    """A message, what to do, and where."""

    message: str
    fix: str
    at: Position


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a parser stopped: its words, the place (line and column from 0), and where it had begun what it read."""

    problem: str
    line: int
    column: int
    context: str = ""
    context_line: int = -1
    context_column: int = 0


@dataclass(frozen=True, slots=True)
class _Scene:
    """The lines of a text around the place where a parser stopped."""

    lines: list[str]
    mark: Mark

    def line(self, number: int) -> str:
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    @property
    def here(self) -> str:
        return self.line(self.mark.line)

    @property
    def before(self) -> str:
        return self.here[: self.mark.column]

    @property
    def sign(self) -> str:
        return self.here[self.mark.column : self.mark.column + 1]

    @property
    def above(self) -> str:
        """The last line before that has words."""
        return next((one for one in self.lines[self.mark.line - 1 :: -1] if one.strip()), "") if self.mark.line else ""

    def fault(self, message: str, fix: str, line: int | None = None, column: int | None = None) -> YamlFault:
        line = self.mark.line if line is None else line
        column = self.mark.column if column is None else column
        return YamlFault(message, fix, Position(line + 1, column + 1, 1))


def explain_yaml(text: str, mark: Mark) -> YamlFault:
    r"""The fault at which a parser stopped.

    >>> explain_yaml("name: Dam: opened\n", Mark("mapping values are not allowed in this context", 0, 9))[:2]
    ('a text with a colon and a space after it needs quotation marks', 'write name: "Dam: opened"')
    """
    scene = _Scene(text.split("\n"), mark)
    return next(fault for fault in (rule(scene) for rule in _RULES) if fault is not None)


def _tab(scene: _Scene) -> YamlFault | None:
    here = scene.here
    indentation = here[: len(here) - len(here.lstrip())]
    if "\t" not in indentation and scene.sign != "\t":
        return None
    column = indentation.index("\t") if "\t" in indentation else scene.mark.column
    message = "this line begins with a tab; YAML is indented with spaces"
    return scene.fault(message, "put spaces in its place", column=column)


def _quotation_mark(scene: _Scene) -> YamlFault | None:
    mark = scene.mark
    if "quoted scalar" not in mark.context:
        return None
    if "escape" in mark.problem:
        fix = "write two backslashes for one, or put the text into 'single' quotation marks"
        message = "YAML does not know the character after this backslash"
        return scene.fault(message, fix, column=max(scene.here.rfind("\\", 0, mark.column + 1), 0))
    message = "the quotation mark that opens this text is never closed"
    return scene.fault(message, "close it at the end of the text", mark.context_line, mark.context_column)


def _first_sign(scene: _Scene) -> YamlFault | None:
    """A text that begins with a sign that means something else."""
    mark, line, column = scene.mark, scene.mark.line, scene.mark.column
    if any(word in mark.context for word in ("alias", "anchor", "tag", "block scalar", "directive")):
        line, column = mark.context_line, mark.context_column
    sign = scene.line(line)[column : column + 1]
    if "block scalar" in mark.context:
        return scene.fault(
            f"after {sign} the text begins on the next line", f"{_QUOTE_IT}, or begin a new line", line, column
        )
    if not sign or sign not in _SPECIAL:
        return None
    is_first = any(word in mark.problem for word in ("cannot start", "node content", "expected the node"))
    if not is_first and not any(word in mark.context for word in ("alias", "anchor", "tag", "directive")):
        return None
    fix = f'{_QUOTE_IT}: "{sign}…"'
    return scene.fault(f"a text cannot begin with {sign}", fix, line, column)


def _no_key(scene: _Scene) -> YamlFault | None:
    if "document start" not in scene.mark.problem:
        return None
    message = "what stands above this line is neither a key with its value nor a comment"
    return scene.fault(message, "begin a comment with #, and put a text of several lines into quotation marks")


def _no_colon(scene: _Scene) -> YamlFault | None:
    mark = scene.mark
    if "could not find expected ':'" not in mark.problem:
        return None
    line = mark.context_line if mark.context_line >= 0 else mark.line
    message = "this line is neither a key with its value nor an item of a list"
    fix = "write key: value; or, if it goes on with the line above, put that text into quotation marks"
    return scene.fault(message, fix, line, len(scene.line(line)) - len(scene.line(line).lstrip()))


def _colon(scene: _Scene) -> YamlFault | None:
    problem = scene.mark.problem
    if scene.here.lstrip(" -").startswith(":"):
        return scene.fault("there is no key before this colon", "write key: value", column=scene.here.index(":"))
    is_inside = "flow" in scene.mark.context and scene.mark.context_line == scene.mark.line
    if "unexpected ':'" in problem or (is_inside and scene.sign == ":"):
        return scene.fault("a text with a colon needs quotation marks", _QUOTE_IT)
    if "mapping values are not allowed" not in problem:
        return None
    key = _KEY.match(scene.here)
    if key and key.end(1) == scene.mark.column:  # the first colon of its line: the line above is at fault
        above = scene.above
        column = len(scene.here) - len(scene.here.lstrip())
        if ":" in above and not _KEY.match(above):
            line = scene.lines.index(above)
            return scene.fault("there is no space after this colon", "write key: value", line, above.index(":"))
        return scene.fault(
            "this line is indented more than the line above it, which has its value already", _ALIGN, column=column
        )
    value = scene.here[key.end() :].strip() if key else ""
    shown = f'write {key[1]}: "{value}"' if key and 0 < len(value) <= _SHOWN and '"' not in value else _QUOTE_IT
    return scene.fault("a text with a colon and a space after it needs quotation marks", shown)


_ALIGN: Final = "give it the same number of spaces as the lines that it belongs to"


def _inline_list(scene: _Scene) -> YamlFault | None:
    if "sequence entries are not allowed" not in scene.mark.problem:
        return None
    fix = "begin each item in a new line below its key, or write [item, item]; quotation marks make it a text"
    return scene.fault("a list cannot begin in the line of its key", fix)


def _after_end(scene: _Scene) -> YamlFault | None:
    """Words after the end of a text in quotation marks, or after a bracket."""
    before = scene.before.rstrip()
    is_block = "block" in scene.mark.context and "expected" in scene.mark.problem
    if not is_block or not before or before.lstrip(" -") == "":
        return None
    if before[-1] in "]}":
        return scene.fault(
            "there are words after the closing bracket", "a text that begins with [ or { needs quotation marks"
        )
    mark = before[-1] if before[-1] in "\"'" else '"' if '"' in before else "'"
    twice = '\\"' if mark == '"' else "''"
    fix = f"inside the text write {twice} for {mark}, or use the other kind of quotation marks around it"
    return scene.fault("there are words after the closing quotation mark", fix)


def _indentation(scene: _Scene) -> YamlFault | None:
    """A line that begins at a place where none of the lines around it does, or an item among keys."""
    mark = scene.mark
    if "block" not in mark.context or scene.before.strip():
        return None
    is_item = scene.here.lstrip().startswith("- ") or scene.here.strip() == "-"
    if is_item and mark.column == mark.context_column:
        return scene.fault(
            "there is an item of a list among keys", "give the list a key of its own, or indent it below its key"
        )
    if not is_item and mark.column == mark.context_column:
        fix = "indent it as the keys of the item above, or begin it with - if it is an item"
        return scene.fault("there is a key among the items of a list", fix)
    spaces = len(scene.before)
    return scene.fault(f"this line begins after {spaces} spaces, where no line that it could belong to begins", _ALIGN)


def _bracket(scene: _Scene) -> YamlFault | None:
    mark = scene.mark
    if "flow" not in mark.context:
        return None
    opened = scene.line(mark.context_line)[mark.context_column :]
    sign = opened[:1]
    if " #" in opened and mark.context_line != mark.line:
        place = mark.context_column + opened.index(" #") + 1
        message = f"# begins a comment, so the bracket {sign} is never closed"
        return scene.fault(message, "put the text with # into quotation marks", mark.context_line, place)
    if mark.context_line != mark.line:
        fix = f"close it; a text that begins with {sign} needs quotation marks"
        return scene.fault(f"the bracket {sign} is never closed", fix, mark.context_line, mark.context_column)
    return scene.fault(
        "a comma or the closing bracket is missing here", "put texts with , : [ ] { } into quotation marks"
    )


def _anything(scene: _Scene) -> YamlFault:
    fix = "put text that holds ': ', ' #' or begins with a special character into quotation marks"
    return scene.fault(f"not YAML: {scene.mark.problem or scene.mark.context}", fix)


_RULES: Final[tuple[Callable[[_Scene], YamlFault | None], ...]] = (
    _tab, _quotation_mark, _first_sign, _no_key, _no_colon, _colon, _inline_list, _after_end,
    _indentation, _bracket, _anything,
)  # fmt: skip
