"""The quotes of a record as its author wrote them: what each one is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

from communique.compile.literals import nfc
from communique.compile.nodes import RecordNode
from communique.compile.report import Report
from communique.read.yamlld import Pointer
from communique.text.work import Work

MAX_QUOTES_PER_FACT: Final = 200
"""The most quotes of one fact, or of one node as a whole."""

_MARK: Final = frozenset({"inferred", "why"})
_PARTS_OF_ROLE: Final = ("title", "of")


class Claim(NamedTuple):
    """A quote for a node (``key`` "*"), for the facts of a property or for one value; ``why`` marks an inference.

    ``quote`` is None for an inference whose words the author leaves to the compiler.
    """

    key: str
    value: str | None
    quote: str | None
    why: str | None
    pointer: Pointer


def claims_of(node: RecordNode, report: Report, work: Work) -> Iterator[Claim]:
    """The quotes of a node, for each fact at most `MAX_QUOTES_PER_FACT`; more are reported."""
    counts: Counter[tuple[str, str | None]] = Counter()
    for claim in _claims(report, node):
        work.spend(5)
        counts[claim.key, claim.value] += 1
        if counts[claim.key, claim.value] <= MAX_QUOTES_PER_FACT:
            yield claim
        elif counts[claim.key, claim.value] == MAX_QUOTES_PER_FACT + 1:
            message = f"more than {MAX_QUOTES_PER_FACT} quotes for one {'node' if claim.key == '*' else claim.key}"
            fix = "keep those that say it best, or give each value its own: {value: quote}"
            report("too-many-quotes", message, claim.pointer, path=claim.key, fix=fix)


def _claims(report: Report, node: RecordNode) -> Iterator[Claim]:
    at = (*node.pointer, "evidence")
    evidence: object = node.evidence
    if not isinstance(evidence, dict):
        yield from _quotes(report, "*", None, evidence, at)
        return
    if node.form == "role" and "why" in evidence and set(evidence) <= _MARK:
        for key in [key for key in _PARTS_OF_ROLE if node.written.get(key) is not None]:  # the entry as a whole
            yield from _quotes(report, key, None, evidence, at)
    else:
        yield from _by_key(report, node, evidence, at)


def _by_key(report: Report, node: RecordNode, evidence: Mapping[str, object], at: Pointer) -> Iterator[Claim]:
    texts: set[str] = set()
    for keys, written in evidence.items():
        values = written if isinstance(written, dict) and _MARK.isdisjoint(written) else None
        for key in _several(keys):
            if key == "*" and isinstance(written, dict):
                report("evidence-misplaced", "a node as a whole cannot be inferred: mark the property", (*at, keys))
            elif values is not None:
                if not texts and any("," in value for value in values):
                    texts = {str(fact.object.value) for facts in node.facts.values() for fact in facts}
                for value, one in values.items():
                    for each in _values(value, texts):
                        yield from _quotes(report, key, each, one, (*at, keys, value))
            else:
                yield from _quotes(report, key, None, written, (*at, keys))


def _several(keys: str) -> list[str]:
    """The keys that one quote or mark is for: "givenName, familyName" are two.

    >>> _several("givenName, familyName"), _several("*")
    (['givenName', 'familyName'], ['*'])
    """
    return [key for key in (part.strip() for part in keys.split(",")) if key] or [keys]


def _values(written: str, texts: Collection[str]) -> list[str]:
    """The values that one quote or mark is for; a text with commas that is itself among the ``texts`` is one.

    Ids have no comma, so "org/a, org/b" are two.
    """
    return [written] if "," not in written or nfc(written) in texts else _several(written)


def _quotes(
    report: Report, key: str, value: str | None, written: object, at: Pointer, *, why: str | None = None
) -> Iterator[Claim]:
    if isinstance(written, str) and written:
        yield Claim(key, value, written, why, at)
    elif isinstance(written, list) and written:
        for k, one in enumerate(written):
            yield from _quotes(report, key, value, one, (*at, k), why=why)
    elif isinstance(written, dict) and why is None and ("inferred" in written or "why" in written):
        yield from _inferences(report, key, value, written, at)
    else:
        report(
            "evidence-misplaced",
            f"a quote is expected here for {key}",
            at,
            path=key,
            fix='write "words of the text", a list of such quotes, or {why: "…"} for what a reader concluded',
        )


def _inferences(
    report: Report, key: str, value: str | None, written: Mapping[str, object], at: Pointer
) -> Iterator[Claim]:
    for extra in sorted(set(written) - {"inferred", "why"}):
        report(
            "unknown-key",
            f"unknown key {extra!r} in a mark",
            (*at, extra),
            key=True,
            path=extra,
            fix="an inference has the keys inferred and why",
        )
    why = written.get("why")
    if not isinstance(why, str) or not why.strip():
        report(
            "inference-without-why",
            f"{key} is inferred, but nothing says why",
            at,
            path=key,
            fix='add why: "…" with the reason a reader can judge',
        )
        return
    if "inferred" in written:
        yield from _quotes(report, key, value, written["inferred"], (*at, "inferred"), why=why)
    else:
        yield Claim(key, value, None, why, at)


def has_star(node: RecordNode) -> bool:
    """Whether a node has evidence as a whole, right or wrong."""
    return not isinstance(node.evidence, dict) or "*" in node.evidence


def report_no_evidence(node: RecordNode, report: Report) -> None:
    """Report a node that no words of the text are quoted for."""
    report(
        "no-evidence",
        "nothing in the text is quoted for this node",
        node.pointer,
        focus=node.iri.value,
        fix='add evidence: "words of the text that speak of it"',
    )
