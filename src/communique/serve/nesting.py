"""The brackets that are open in a query, and the counts of what makes the engine recurse or slow down."""

from __future__ import annotations

from typing import Final

from communique.serve.tokens import GateError, QueryToken, place
from communique.serve.words import PATTERNS, VALUES

JOINED: Final = 320
"""The most patterns that are joined: 320 in a chain take about two seconds; the time grows with the cube."""
SHARED: Final = 3_000
"""The most pairs of patterns that share a variable: 77 patterns about one subject have 2,926."""

_CLOSES: Final = {"{": "}", "(": ")", "[": "]", "<<": ">>", "<<(": ")>>", "{|": "|}"}
_GRAPH: Final = "GRAPH"
_TERMS: Final = frozenset(("var", "iri", "name", "string", "number", "blank"))
_OPERANDS: Final = _TERMS | {"close", "tag"}


class OpenBracket:
    """An open bracket: what it holds, and what can stand in it."""

    __slots__ = ("begun", "clause", "expression", "inert", "kind", "selects", "subject", "text", "token")

    def __init__(self, token: QueryToken, kind: str, *, inert: bool) -> None:
        self.token, self.text, self.kind = token, token.text, kind
        self.inert = inert  # nothing in it is joined: a template of CONSTRUCT, the rows of VALUES
        self.expression = False  # a parenthesis opened in it now holds an expression
        self.begun = False  # a triple has begun in it
        self.selects = False  # it is a sub-select: only expressions stand directly in it
        self.clause = False  # and this ends with the bracket that closes next, as after FILTER
        self.subject = "" if kind != "bracket" else f"[{token.start}"


class Nesting:
    """The brackets that are open, innermost last, and what has been counted so far."""

    def __init__(self, text: str, depth: int, repeats: int) -> None:
        self.text, self.depth, self.repeats = text, depth, repeats
        self.frames: list[OpenBracket] = []
        self.begun = False  # a brace has been opened
        self.values = False  # the next brace opens the rows of VALUES
        self.construct = False  # the next brace opens a template
        self.operators = self.joined = self.shared = self.listed = 0
        self.uses: dict[str, int] = {}

    def take(self, token: QueryToken, last: QueryToken) -> None:
        """Take a token that is no part of the prologue."""
        if token.kind == "open":
            self._open(token, last)
        elif token.kind == "close":
            self._close(token)
        elif token.kind == "word":
            self._word(token)
        elif token.kind == "mark":
            self._mark(token, last)
        elif token.kind in _TERMS:
            self._term(token, last)

    def end(self) -> None:
        """Refuse a text that ends inside brackets."""
        if self.frames:
            raise self._error(self.frames[-1].token, f"{self.frames[-1].text!r} is never closed: close it")

    def is_comparison(self, last: QueryToken) -> bool:
        """Whether ``<`` after the token ``last`` compares: in an expression, after an operand."""
        inside = bool(self.frames) and self.frames[-1].kind == "expression"
        return inside and (last.kind in _OPERANDS or (last.kind == "word" and last.text.upper() in VALUES))

    def _error(self, token: QueryToken, sentence: str) -> GateError:
        return GateError(f"{place(self.text, token.start)}: {sentence}")

    # ---- brackets

    def _open(self, token: QueryToken, last: QueryToken) -> None:
        if len(self.frames) >= self.depth:
            raise self._error(token, f"brackets are nested deeper than {self.depth}: simplify the query")
        if token.text.startswith("<<") and self.is_comparison(last):
            raise self._error(token, "this could be a comparison or a triple: put a space on both sides of '<'")
        top = self.frames[-1] if self.frames else None
        kind = self._kind(token, last, top)
        frame = OpenBracket(token, kind, inert=kind in ("rows", "template") or (top is not None and top.inert))
        if kind == "expression":
            self._count("operators", token)
        elif token.text != "(" and not (frame.inert and kind != "rows"):
            self._count("joined", token, {"<<": 2, "{|": 3}.get(token.text, 1))
            self._take_subject(top, frame)
        if top is not None and top.kind == "list":
            self._count_item(token, top)
        if token.text == "{":
            self.begun = True
            self.values = self.construct = False
        self.frames.append(frame)

    def _kind(self, token: QueryToken, last: QueryToken, top: OpenBracket | None) -> str:
        """What an opening bracket holds."""
        if token.text == "{":
            return "rows" if self.values else "template" if self.construct else "group"
        if token.text != "(":
            return "bracket" if token.text == "[" else "triple"
        if self.values:
            return "columns"
        if top is None or top.kind == "expression" or top.expression:
            return "expression"
        if top.kind == "rows":
            return "row"
        called = last.kind == "word" and last.text.upper() not in VALUES
        stolen = last.kind == "name" and last.text.upper().startswith("FILTER")
        return "expression" if called or stolen else "list"

    def _close(self, token: QueryToken) -> None:
        if not self.frames:
            raise self._error(token, f"{token.text!r} closes nothing: remove it, or open it before")
        opened = self.frames.pop()
        if _CLOSES[opened.text] != token.text:
            where = place(self.text, opened.token.start)
            wanted = _CLOSES[opened.text]
            raise self._error(
                token, f"{token.text!r} does not close {opened.text!r} of {where}: write {wanted!r} first"
            )
        if not self.frames:
            return
        top = self.frames[-1]
        if top.kind == "group" and not top.selects and (top.clause or token.text == "}"):
            top.expression = top.clause = False
        if top.kind == "group" and token.text == "}":
            top.subject = ""

    # ---- what is counted

    def _count(self, what: str, token: QueryToken, more: int = 1) -> None:
        """Count, and refuse what is too much."""
        limit, name = {
            "operators": (self.repeats, "operators, calls and conditions"),
            "listed": (self.repeats, "variables or terms in SELECT, DESCRIBE, GROUP BY, ORDER BY or VALUES (…)"),
            "joined": (min(self.repeats, JOINED), "patterns, path steps and items of lists"),
            "shared": (min(self.repeats * 6, SHARED), "pairs of patterns that share a variable or subject"),
        }[what]
        total = getattr(self, what) + more
        setattr(self, what, total)
        if total > limit:
            raise self._error(token, f"the query has more than {limit:,} {name}: ask for less, or in several queries")

    def _mention(self, key: str, token: QueryToken) -> None:
        uses = self.uses.get(key, 0)
        self.uses[key] = uses + 1
        if uses:
            self._count("shared", token, uses)

    def _take_subject(self, top: OpenBracket | None, frame: OpenBracket) -> None:
        """A bracket can be a subject, which ``;`` and ``,`` repeat; an annotation repeats the subject twice."""
        if top is None:
            return
        if frame.text == "{|":
            self._mention(top.subject, frame.token)
            self._mention(top.subject, frame.token)
        elif top.kind == "group" and not top.subject and frame.subject:
            self._begin_triple(top, frame.subject, frame.token)

    def _begin_triple(self, top: OpenBracket, subject: str, token: QueryToken) -> None:
        """A triple begins in a group; the brace has counted for the first one."""
        if top.begun:
            self._count("joined", token)
        top.subject, top.begun = subject, True

    def _count_item(self, token: QueryToken, top: OpenBracket) -> None:
        if not top.inert:
            self._count("joined", token, 2)  # an item of a list is two triples

    def _word(self, token: QueryToken) -> None:
        word = token.text.upper()
        self.values = self.values or word == "VALUES"
        self.construct = word == "CONSTRUCT"
        if not self.frames or word in VALUES:
            return
        top = self.frames[-1]
        if top.kind == "group":
            if word == "BIND":  # it divides the patterns before it from those after it
                self._count("joined", token)
            top.subject = _GRAPH if word == _GRAPH else ""
            top.selects = top.selects or word == "SELECT"
            top.expression = top.selects or word not in PATTERNS
            top.clause = top.expression and not top.selects and (top.clause or word in ("FILTER", "BIND"))

    def _mark(self, token: QueryToken, last: QueryToken) -> None:
        top = self.frames[-1] if self.frames else None
        if token.text == ";" and top is None:
            raise self._error(token, "';' separates updates, and this server answers one query at a time: remove it")
        if top is not None and top.kind in ("group", "list", "bracket", "triple"):
            self._mark_of_pattern(token, top)
        elif token.text not in ",;." and not self._is_sign(token, last) and not (top and top.inert):
            self._count("operators", token)

    @staticmethod
    def _is_sign(token: QueryToken, last: QueryToken) -> bool:
        return token.text in "+-" and last.text in (",", "(")

    def _mark_of_pattern(self, token: QueryToken, top: OpenBracket) -> None:
        if token.text == "." and not top.selects:
            top.expression = top.clause = False
        if top.inert:
            return
        if token.text in (";", ",", "/", "~"):
            self._count("joined", token, 2 if token.text == "~" else 1)
        elif token.text not in (".", "^^"):
            self._count("operators", token)
        if token.text in (";", ",", "~"):
            self._mention(top.subject, token)
        elif token.text == "." and top.kind == "group":
            top.subject = ""

    def _term(self, token: QueryToken, last: QueryToken) -> None:
        top = self.frames[-1] if self.frames else None
        named = token.kind in ("var", "blank")
        if named and (self.values or last.text.upper() == "AS"):
            self._mention("?" + token.text[1:], token)
        if top is None or top.kind == "columns" or (top.kind == "group" and top.expression):
            self._count("listed", token)
        elif not top.inert and top.kind in ("group", "list", "bracket", "triple"):
            if named:
                self._mention("?" + token.text[1:], token)
            if top.kind == "group" and not top.subject:
                self._begin_triple(top, "?" + token.text[1:] if named else token.text, token)
            elif top.kind == "list":
                self._count_item(token, top)
