"""One cause, one finding: which findings only follow from another one, and are left out until that is mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from communique.check.shapes import Result
from communique.compile.quads import Key
from communique.findings import Finding
from communique.iris import last_piece
from communique.terms import ORG, SCHEMA

_NO_CLASS: Final = frozenset({"unknown-type", "no-type"})
_NO_ID: Final = frozenset({"no-id", "bad-id", "duplicate-id"})
_LOST_VALUE: Final = frozenset(
    {"unknown-key", "empty-value", "not-text", "not-a-node", "bad-reference", "incomplete-role", "duplicate-id"}
)
_NAMING: Final = (SCHEMA + "name", SCHEMA + "headline")
_NAMES: Final = frozenset({"name", "headline"})
_PARTS: Final = frozenset({ORG + "member", ORG + "organization"})
"""Properties of a role: who has it, and where."""
_NO_CONTEXT: Final = "bad-context"


class Causes:
    """What the compiler, lint and the registry found about one release, as causes of other findings.

    * A node whose class is unknown or missing is not held against shapes, neither itself nor as a value.
    * A reference to nothing is one finding, however often it is written; and none if as many nodes have a wrong id.
    * Where a key or a value could not be read, its node misses nothing, and a quote for it is not misplaced.
    * A node without a name is not also one that the text does not name.
    * What has no name, or one that the text does not say, is not also missed in the words for what is related to it.
    * A value in a wrong form is not also looked for in the text, nor one that is inferred without a reason.
    """

    def __init__(
        self, findings: Sequence[Finding], registry: Iterable[Finding] = (), facts: Iterable[Key] = ()
    ) -> None:
        every = [*findings, *registry]
        self.classless = {f.focus for f in every if f.code in _NO_CLASS}
        self.lossy = {f.focus for f in findings if f.code in _LOST_VALUE}
        self.dangling = {f.value for f in findings if f.code == "dangling-reference"}
        self.ids = sum(f.code in _NO_ID for f in findings)
        self.unreasoned = {f.path for f in findings if f.code == "inference-without-why"}
        self.is_graph_unread = any(f.code in ("unknown-key", "not-a-node") and f.focus is None for f in findings)
        self.contexts = [f for f in findings if f.code == _NO_CONTEXT]
        self.misnamed = {f.focus for f in findings if f.code == "not-grounded" and f.path in _NAMES}
        self.parts: dict[str, set[str]] = {}
        for subject, path, value in facts:
            if path in _PARTS:
                self.parts.setdefault(subject, set()).add(value.value)
            elif value.value in self.lossy:  # a role without an organisation hangs on its person
                self.parts.setdefault(value.value, set()).add(subject)
        self.malformed: set[tuple[str | None, str, str | None]] = set()
        self.nameless: set[str | None] = set()

    def explain(self, result: Result) -> bool:
        """Whether a result of a shape only follows from what was found before it."""
        if {result.focus, result.value} & self.classless or result.value in self.dangling:
            return True
        if result.value is None and result.focus in self.lossy:
            return True
        if result.path in _NAMING and result.value is None:
            self.nameless.add(result.focus)
        if result.path is not None and result.severity == "violation":
            self.malformed.add((result.focus, last_piece(result.path), result.value))
        return False

    def left(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings that are causes themselves; call it after `explain` has seen all results of shapes."""
        return [finding for finding in findings if not self._follows(finding)]

    def _follows(self, finding: Finding) -> bool:
        if finding.code == "dangling-reference":
            return len(self.dangling) <= self.ids
        if finding.code == "evidence-misplaced":
            return finding.focus in self.lossy
        if finding.code == "no-evidence":
            return finding.focus in self.nameless
        if finding.code == "not-grounded":
            is_malformed = (finding.focus, finding.path or "", finding.value) in self.malformed
            return is_malformed or finding.path in self.unreasoned or self._is_about_misnamed(finding)
        if finding.code == "no-release":
            return self.is_graph_unread or self.ids > 0
        return finding.code == _NO_CONTEXT and finding is not self.contexts[0] and finding.line == self.contexts[0].line

    def _is_about_misnamed(self, finding: Finding) -> bool:
        """Whether a relation is not found in words because one of its ends is not."""
        misnamed = self.misnamed | self.nameless | self.lossy
        ends = {finding.value} | (self.parts.get(finding.focus or "", set()) if finding.path not in _NAMES else set())
        if (
            finding.path == "roleName"
        ):  # its person is the focus; a key of the role that is not read takes the rest away
            ends |= {role for role in self.lossy if role is not None and finding.focus in self.parts.get(role, ())}
        return bool(ends & misnamed)
