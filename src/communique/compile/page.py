"""Facts of the web page around a release, kept apart from those of its text, each with the place it was read from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeGuard

from pyoxigraph import Literal, NamedNode, Quad

from communique.addresses import fault_of, is_page_address
from communique.compile.expand import Expansion
from communique.compile.literals import nfc
from communique.compile.quads import statement_node
from communique.errors import suggestion
from communique.findings import Finding, Findings
from communique.iris import graph_iri
from communique.read.release import WrittenRelease
from communique.terms import CMQ, DCTERMS, RDF, TYPE

KEYS: Final = ("url", "publisher", "datePublished")
"""What a page may add to a release; everything else must be in the text."""


def compile_page(
    release: WrittenRelease, subject: NamedNode, expansion: Expansion
) -> tuple[tuple[Quad, ...], list[Finding]]:
    """The quads of ``page.json`` and what is wrong with it; nothing if the release has none.

    Every fact has a statement node with ``cmq:origin`` and, if the address is known, ``dcterms:source``; it has no
    evidence and no basis, because no words of the text say it.
    """
    if release.page is None:
        return (), []
    file = str(release.path / "page.json")
    findings = Findings(file)

    def refuse(code: str, message: str, key: str, fix: str | Callable[[], str | None]) -> None:
        def finding() -> Finding:
            fix_text = fix() if callable(fix) else fix
            return Finding.of_file(file, code, message, focus=subject.value, path=key, fix=fix_text)

        findings.add_lazily("violation", finding)

    facts: dict[str, tuple[NamedNode | Literal, str]] = {}
    for key, entry in release.page.items():
        if key not in KEYS:
            fix = suggestion(key, KEYS, otherwise=f"known: {', '.join(KEYS)}")
            refuse("unknown-key", f"unknown key {key!r}", key, fix)
        elif not _is_complete(entry):
            refuse(
                "no-origin",
                f"{key} needs a value and an origin",
                key,
                'write {"value": "…", "origin": "where on the page"}',
            )
        else:
            value = _value(expansion, key, entry["value"])
            if value is None:
                refuse(
                    "bad-reference",
                    f"{entry['value'][:200]!r} {fault_of(entry['value'])}",
                    key,
                    "write an id or a whole address",
                )
            else:
                facts[key] = (value, entry["origin"])
    return _quads(subject, facts, expansion, NamedNode(graph_iri(expansion.base, release.slug, "page"))), list(
        findings.all()
    )


def _is_complete(entry: object) -> TypeGuard[dict[str, str]]:
    return (
        isinstance(entry, dict)
        and set(entry) == {"value", "origin"}
        and all(isinstance(v, str) and v.strip() for v in entry.values())
    )


def _value(expansion: Expansion, key: str, text: str) -> NamedNode | Literal | None:
    term = expansion.context.terms[key]
    if key == "url" and is_page_address(text, expansion.base):
        return NamedNode(text)
    if term.kind == "reference":
        return expansion.resolve(text)
    return Literal(nfc(text), datatype=NamedNode(term.datatype)) if term.datatype else Literal(nfc(text))


def _quads(
    subject: NamedNode, facts: dict[str, tuple[NamedNode | Literal, str]], expansion: Expansion, graph: NamedNode
) -> tuple[Quad, ...]:
    address = facts["url"][0] if "url" in facts else None
    quads: list[Quad] = []
    for key, (value, origin) in facts.items():
        predicate = NamedNode(expansion.context.terms[key].iri)
        statement = statement_node(subject.value, subject, predicate, value)
        quads.append(Quad(subject, predicate, value, graph))
        for name, term in (
            (TYPE, NamedNode(RDF + "Statement")),
            (RDF + "subject", subject),
            (RDF + "predicate", predicate),
            (RDF + "object", value),
            (CMQ + "origin", Literal(nfc(origin))),
            (DCTERMS + "source", address),
        ):
            if term is not None:
                quads.append(Quad(statement, NamedNode(name), term, graph))
    return tuple(quads)
