"""A record's nodes and facts: JSON-LD expansion for the one context we use, with the place of every value.

Every fact remembers where in the record it was written, so that its evidence can be tied to it and a finding can name
line and column; that is why no general JSON-LD processor is used here (one is the oracle in the tests).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from communique.addresses import fault_of
from communique.compile.keywords import report_collisions, written_key
from communique.compile.literals import counted, dated, is_language, literal_of, nfc, parted, timed
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.openvalues import OpenFault, read_open
from communique.compile.report import Report
from communique.compile.termhints import unknown_class, unknown_property
from communique.compile.values import as_list, describe
from communique.context import AUTHORING_KEYS, MADE_KEYS, Context, Term
from communique.ids import ID_RULE
from communique.iris import iri_of, is_node
from communique.languages import language_fault
from communique.read.yamlld import Pointer
from communique.schemaorg import PREFIX
from communique.terms import EDTF, SCHEMA, TYPE, XSD
from communique.text.numbers import Amount
from communique.text.webaddresses import plain_address

_STRUCTURE_KEYS: Final = frozenset({"id", "type", "@id", "@type"}) | AUTHORING_KEYS
_BY_FORM: Final = {XSD + "date": dated, XSD + "time": timed, EDTF: parted}
_TYPE_NODE: Final = NamedNode(TYPE)

UnknownKey = Callable[[RecordNode, str], None]
"""Reports a key of a node that means nothing."""


class Expansion:
    """All nodes of one document, expanded; what cannot be read is reported and left out.

    ``base`` is the IRI that relative ids are resolved against, ``this`` the IRI that ``this:`` stands for;
    ``language`` is the tag of texts that have none of their own.
    """

    def __init__(self, context: Context, report: Report, *, base: str, this: str, language: str) -> None:
        self.context, self.report = context, report
        self.base, self.this, self.language = base, this, language
        self.nodes: dict[NamedNode, RecordNode] = {}
        self.amounts: dict[NamedNode, Amount] = {}
        self._references: dict[str, NamedNode | None] = {}
        self._predicates: dict[str, NamedNode] = {}
        self._classes: dict[str, NamedNode] = {}
        self._datatypes: dict[str, NamedNode] = {}

    def add(self, written: object, pointer: Pointer, *, reference: bool = False) -> NamedNode | None:
        """Expand a node and all nodes nested in it, and return its IRI; None if it cannot be used.

        With ``reference``, a mapping that holds nothing but an id refers to a node and is not one.
        """
        if not isinstance(written, dict):
            self.report("not-a-node", f"a node with an id is expected here, not {describe(written)}", pointer)
            return None
        report_collisions(written, ("id", "type"), pointer, self.report)
        iri = self.identify(written, pointer)
        if iri is None or (reference and len(written) == 1):
            return iri
        if iri in self.nodes:
            key = written_key(written, "id")
            self.report(
                "duplicate-id",
                f"a second node has the id {written[key]!r}",
                (*pointer, key),
                focus=iri.value,
                fix="merge the two nodes, or give one a different id",
            )
            return iri
        type_key = written_key(written, "type")
        class_name = self.context.class_name
        node = RecordNode(
            iri,
            pointer,
            written,
            written.get("evidence"),
            tuple(class_name(t) if isinstance(t, str) else describe(t) for t in as_list(written.get(type_key, []))),
            renamed={"type": type_key} if type_key != "type" else {},
        )
        self.nodes[iri] = node
        self.add_types(node)
        self.add_keys(node)
        return iri

    def resolve(self, name: str) -> NamedNode | None:
        """The IRI that a name in the record stands for, or None if it cannot be one."""
        if name in self._references:
            return self._references[name]
        iri = iri_of(name, self.base, self.this)
        try:
            node = NamedNode(iri) if iri is not None else None
        except ValueError:
            node = None
        self._references[name] = node
        return node

    def fact(
        self, node: RecordNode, key: str, value: NamedNode | Literal, rule: str | None = None, index: int = 0
    ) -> RecordFact:
        """Add a fact to a node and return it."""
        predicate = _TYPE_NODE if key == "type" else self._predicate(key)
        fact = RecordFact(node, key, index, predicate, value, rule=rule)
        node.facts.setdefault(key, []).append(fact)
        return fact

    def _predicate(self, key: str) -> NamedNode:
        """The property of a key that stands for one."""
        found = self._predicates.get(key)
        if found is None:
            term = self.context.term(key)
            assert term is not None
            found = self._predicates[key] = NamedNode(term.iri)
        return found

    def facts(self) -> Iterator[RecordFact]:
        """Every fact of every node."""
        for node in self.nodes.values():
            for facts in node.facts.values():
                yield from facts

    def quads(self, graph: str) -> list[Quad]:
        """The facts as quads of one named graph, in the order of the document."""
        name = NamedNode(graph)
        return [Quad(f.node.iri, f.predicate, f.object, name) for f in self.facts()]

    # ---- one node

    def identify(self, written: Mapping[str, object], pointer: Pointer) -> NamedNode | None:
        """The IRI of the id that a mapping gives; None, which is reported, if there is none or it cannot be one."""
        key = written_key(written, "id")
        name = written.get(key)
        if name is None:
            self.report("no-id", "this node has no id", pointer, fix="give it one, such as id: this:statement-1")
            return None
        iri = self.resolve(name) if isinstance(name, str) else None
        if iri is None or not is_node(iri.value, self.base, self.this):
            self.report(
                "bad-id",
                f"{describe(name)} cannot be the id of a node",
                (*pointer, key),
                value=str(name),
                fix=ID_RULE,
            )
            return None
        return iri

    def add_keys(
        self, node: RecordNode, *, apart: Collection[str] = (), report_unknown: UnknownKey | None = None
    ) -> None:
        """Add the facts of all keys of a node, save its id, its classes and the keys that are forms or set ``apart``.

        ``report_unknown`` reports a key that means nothing; without it any key of the context is offered instead.
        """
        scoped = self._scoped_terms(node)
        meant = {written: key for key, written in node.renamed.items()}
        for written, value in node.written.items():
            if written in _STRUCTURE_KEYS or written in apart:
                continue
            key = meant.get(written, written)
            term = self.context.term(key)
            if term is None or term.key in MADE_KEYS:
                (report_unknown or self._report_unknown_key)(node, written)
            elif term.key == key:
                self.add_values(node, scoped.get(key) or term, value)
            elif term.key in node.written:
                message = f"{written!r} and {term.key!r} are one key, written twice in this mapping"
                at = (*node.pointer, written)
                self.report("duplicate-key", message, at, key=True, path=term.key, fix="keep one of the two")
            else:
                node.renamed[term.key] = written
                self.add_values(node, scoped.get(term.key) or term, value)

    def _scoped_terms(self, node: RecordNode) -> Mapping[str, Term]:
        for name in node.types:
            if name in self.context.scoped:
                return self.context.scoped[name]
        return {}

    def add_types(self, node: RecordNode) -> None:
        """Add the classes of a node as facts; unknown ones are reported."""
        if not node.types:
            fix = "say what it is, such as type: Person"
            self.report("no-type", "this node has no type", node.pointer, focus=node.iri.value, path="type", fix=fix)
        for k, name in enumerate(node.types):
            known = self._class(name)
            if known is None:
                self.report(
                    "unknown-type",
                    f"unknown type {describe(name)}",
                    (*node.place("type"), k),
                    value=name,
                    focus=node.iri.value,
                    path="type",
                    fix=partial(unknown_class, name, self.context),
                )
                continue
            self.fact(node, "type", known, index=k)

    def _class(self, name: str) -> NamedNode | None:
        """The class of a name, of the context or of schema.org; None if it is unknown."""
        found = self._classes.get(name)
        if found is None and (iri := self.context.class_iri(name)) is not None:
            found = self._classes[name] = NamedNode(iri)
        return found

    def _report_unknown_key(self, node: RecordNode, key: str) -> None:
        message = f"the compiler writes {key!r} itself" if key in MADE_KEYS else f"unknown key {key!r}"
        self.report(
            "unknown-key",
            message,
            (*node.pointer, key),
            key=True,
            focus=node.iri.value,
            path=key,
            fix=partial(unknown_property, key, self.context),
        )

    # ---- values

    def add_values(self, node: RecordNode, term: Term, value: object) -> None:
        """Add the facts that the value of one key gives; values that cannot be read are reported."""
        if term.kind == "labels":
            self._add_labels(node, term, value)
            return
        key, predicate = term.key, self._predicate(term.key)
        read = self._reference if term.kind == "reference" else self._open if term.kind == "open" else self._literal
        facts = []
        for k, one in enumerate(value) if type(value) is list else ((0, value),):
            term_value = read(node, term, one, k)
            if term_value is not None:
                facts.append(RecordFact(node, key, k, predicate, term_value))
        if facts:
            node.facts[key] = node.facts.get(key, []) + facts

    def _reference(self, node: RecordNode, term: Term, value: object, index: int) -> NamedNode | None:
        if type(value) is str:
            iri = self._references.get(value) or self.resolve(value)
            if iri is not None:
                return iri
        at = (*node.place(term.key), index)
        if isinstance(value, dict):
            return self.add(value, at, reference=True)
        if isinstance(value, str) and value.startswith(PREFIX) and term.iri.startswith(SCHEMA):
            read = self._open(node, replace(term, key=PREFIX + term.iri.removeprefix(SCHEMA)), value, index)
            return read if isinstance(read, NamedNode) else None
        if isinstance(value, str):
            message = f"{describe(value)} {fault_of(value)}"
            fix = "write kind/name, this:name or a whole http(s) address"
            if plain_address(value) and "@" not in value:
                fix = f"write the whole address: https://{value}"
            self.report("bad-reference", message, at, focus=node.iri.value, path=term.key, value=value, fix=fix)
        else:
            self.report(
                "not-a-node",
                f"the id of a node is expected here, not {describe(value)}",
                at,
                focus=node.iri.value,
                path=term.key,
            )
        return None

    def _open(self, node: RecordNode, term: Term, value: object, index: int) -> NamedNode | Literal | None:
        """The value of a property of schema.org that has no key of its own: what its ranges make of it."""
        at = (*node.place(term.key), index)
        if isinstance(value, dict):
            return (
                self._value_object(node, term, value, at) if "@value" in value else self.add(value, at, reference=True)
            )
        if value is None or isinstance(value, list) or (isinstance(value, str) and not value.strip()):
            return self._literal(node, term, value, index)
        read = read_open(term, value, self.language, self.resolve)
        if isinstance(read, OpenFault):
            fix = read.fix
            self.report("term-range", read.message, at, focus=node.iri.value, path=term.key, value=str(value), fix=fix)
            return None
        return read

    def _literal(self, node: RecordNode, term: Term, value: object, index: int) -> Literal | None:
        if type(value) is str and value.strip():
            text = nfc(value)
            if term.kind == "text":
                return Literal(text, language=self.language)
            if term.kind == "plain":
                if term.key == "inLanguage" and not is_language(text):
                    at = (*node.place(term.key), index)
                    fault = language_fault(text)
                    self.report("not-text", fault, at, focus=node.iri.value, path=term.key, value=text)
                    return None
                return Literal(text)
            return self._typed(term, text)
        at = (*node.place(term.key), index)
        if isinstance(value, dict) and "@value" in value:
            return self._value_object(node, term, value, at)
        if value is None or isinstance(value, str):
            self.report(
                "empty-value",
                f"{term.key} has no value",
                at,
                focus=node.iri.value,
                path=term.key,
                fix="write one, or leave the key out",
            )
        elif isinstance(value, (dict, list)):
            self.report(
                "not-text",
                f"text is expected for {term.key}, not {describe(value)}",
                at,
                focus=node.iri.value,
                path=term.key,
            )
        else:
            self.report(
                "not-text",
                f"{describe(value)} is {'a truth value' if isinstance(value, bool) else 'a number'}, not text",
                at,
                focus=node.iri.value,
                path=term.key,
                value=str(value),
                fix="put it into quotation marks, so that it stays as written",
            )
        return None

    def _typed(self, term: Term, text: str) -> Literal:
        """A literal of the datatype of a key; a date or time of the datatype that its form gives."""
        if term.datatype in _BY_FORM:
            return _BY_FORM[term.datatype](text)
        if term.datatype == XSD + "integer":
            return counted(text, self.language)
        datatype = term.datatype or ""
        if datatype not in self._datatypes:
            self._datatypes[datatype] = NamedNode(datatype)
        return Literal(text, datatype=self._datatypes[datatype])

    def _value_object(self, node: RecordNode, term: Term, value: Mapping[str, object], at: Pointer) -> Literal | None:
        literal = literal_of(value, self.context)
        if literal is None:
            message = "a value with '@value' needs text and a known '@type' or an '@language'"
            tag = value.get("@language", "en")
            if not isinstance(tag, str) or not is_language(tag):
                message = language_fault(tag)
            self.report("not-text", message, at, focus=node.iri.value, path=term.key)
        return literal

    def _add_labels(self, node: RecordNode, term: Term, value: object) -> None:
        at = node.place(term.key)
        if not isinstance(value, dict):
            self.report("not-text", "labels are written {language: text}", at, focus=node.iri.value, path=term.key)
            return
        for language, texts in value.items():
            for text in as_list(texts):
                if isinstance(text, str) and text.strip() and is_language(language):
                    self.fact(node, term.key, Literal(nfc(text), language=language))
                else:
                    is_tag = is_language(language)
                    message = f"not a label: {language}: {describe(text)}" if is_tag else language_fault(language)
                    self.report("not-text", message, (*at, language), focus=node.iri.value, path=term.key)
