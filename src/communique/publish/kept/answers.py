"""Answers to the questions of a build: each is asked once, and those about some graphs are kept for the next."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar, cast

from pyoxigraph import Literal, NamedNode, Triple

from communique.publish.kept.sealed import SealedFolder, add_part
from communique.store.store import Answer

if TYPE_CHECKING:
    from communique.store.store import Queryable, ResultTerm, Terms

T = TypeVar("T")

_NAME: Final = "answers"
_HASH: Final = 16
_Cells: TypeAlias = "Sequence[Sequence[Sequence[str | None] | None]]"
"""Rows of terms as JSON: for each its value, and of a literal its language and its datatype."""


@dataclass(frozen=True, slots=True)
class AnswerFolder:
    """Where answers are kept, what all of them depend on, and the hash of each graph of the dataset, by its IRI."""

    place: SealedFolder
    shared: bytes
    graphs: Mapping[str, str]


@contextmanager
def keep_answers(folder: AnswerFolder | None, store: Queryable) -> Iterator[Queryable]:
    """The store, with the answers of the last build; in the end those that were asked for are kept in their place.

    Without a folder none are kept.
    """
    body = folder.place.read(_NAME) if folder else None
    asked = KeptAnswers(folder, store, json.loads(body) if body is not None else {})
    yield asked
    if folder:
        folder.place.write(_NAME, json.dumps(asked.used, separators=(",", ":")).encode())


@dataclass(slots=True)
class KeptAnswers:
    """A store that must not change, and answers that it gave to a query of some graphs, by a hash of both."""

    folder: AnswerFolder | None
    store: Queryable
    known: Mapping[str, tuple[Sequence[str], _Cells]]
    used: dict[str, tuple[Sequence[str], _Cells]] = field(default_factory=dict)
    asked: dict[Hashable, object] = field(default_factory=dict)

    @property
    def binds(self) -> bool:
        """Whether terms and graphs are used, as by the store."""
        return self.store.binds

    def query(self, text: str, terms: Terms | None = None, graphs: Sequence[str] | None = None) -> Answer:
        """The complete answer to a SELECT."""
        return self._once(self._query, text, terms, graphs)

    def construct(
        self, text: str, terms: Terms | None = None, graphs: Sequence[str] | None = None
    ) -> tuple[Triple, ...]:
        """The answer to a CONSTRUCT."""
        return self._once(self._construct, text, terms, graphs)

    def _once(
        self,
        ask: Callable[[str, Terms | None, Sequence[str] | None], T],
        text: str,
        terms: Terms | None,
        graphs: Sequence[str] | None,
    ) -> T:
        """The answer, asked for now if it was not before."""
        bound = frozenset((terms or {}).items())
        request = ask.__name__, text, bound, None if graphs is None else tuple(graphs)
        if request not in self.asked:
            self.asked[request] = ask(text, terms, graphs)
        return cast("T", self.asked[request])  # what this function gave

    def _query(self, text: str, terms: Terms | None, graphs: Sequence[str] | None) -> Answer:
        key = self._key("query", text, terms, graphs)
        if key in self.known:
            variables, cells = self.used[key] = self.known[key]
            return Answer(tuple(variables), tuple(tuple(map(_read, row)) for row in cells))
        answer = self.store.query(text, terms, graphs)
        if key:
            self._keep(key, answer.variables, answer.rows)
        return answer

    def _construct(self, text: str, terms: Terms | None, graphs: Sequence[str] | None) -> tuple[Triple, ...]:
        key = self._key("construct", text, terms, graphs)
        if key in self.known:
            _, cells = self.used[key] = self.known[key]
            return tuple(Triple(*map(_read, row)) for row in cells)  # type: ignore[arg-type]  # as they were kept
        triples = self.store.construct(text, terms, graphs)
        if key:
            self._keep(key, (), [(one.subject, one.predicate, one.object) for one in triples])  # type: ignore[misc]
        return triples

    def _key(self, method: str, text: str, terms: Terms | None, graphs: Sequence[str] | None) -> str:
        """A hash of all that an answer depends on; "" if that is the whole dataset, which is always another one."""
        if self.folder is None or graphs is None:
            return ""
        whole = blake2b(self.folder.shared, digest_size=_HASH)
        bound = sorted(f"{name} {term}" for name, term in (terms or {}).items())
        read = [f"{graph} {self.folder.graphs.get(graph, '')}" for graph in graphs]
        for part in (method, text, str(len(bound)), *bound, *read):
            add_part(whole, part.encode(errors="surrogatepass"))
        return whole.hexdigest()

    def _keep(self, key: str, variables: Sequence[str], rows: Sequence[Sequence[ResultTerm | None]]) -> None:
        """Keep an answer, unless it has a term that does not come back the same."""
        cells = [[_written(term) for term in row] for row in rows]
        if all(
            _read(cell) == term
            for row, own in zip(rows, cells, strict=True)
            for term, cell in zip(row, own, strict=True)
        ):
            self.used[key] = variables, cells


def _written(term: ResultTerm | None) -> list[str | None] | None:
    if isinstance(term, Literal):
        return [term.value, term.language, term.datatype.value]
    return [term.value] if isinstance(term, NamedNode) else None


def _read(cell: Sequence[str | None] | None) -> NamedNode | Literal | None:
    match cell:
        case None:
            return None
        case [str(iri)]:
            return NamedNode(iri)
        case [str(value), str(language), _]:
            return Literal(value, language=language)
        case [str(value), None, str(datatype)]:
            return Literal(value, datatype=NamedNode(datatype))
        case _:
            raise ValueError(cell)
