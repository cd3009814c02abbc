"""The Python interface: a newsroom, its releases, their graphs and findings, and canned questions.

The compiler and the checker take most of the time to start, and a question to a store that is kept needs neither. So
each function imports what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from communique.errors import CommuniqueError, NewsroomError, QueryError, hint
from communique.read import newsroom as folders

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Quad

    from communique.check.checker import Checked, Checker
    from communique.compile.compiler import Compiled
    from communique.compile.registry import Registry
    from communique.context import Context
    from communique.findings import Finding
    from communique.query.catalogue import Catalogue, Query
    from communique.query.results import Table
    from communique.read.dataset import Dataset
    from communique.read.release import WrittenRelease
    from communique.store.embedded import EmbeddedStore
    from communique.store.store import Store

EVIDENCE: Final = ("none", "nodes", "full")
"""How much evidence to include with the facts: none, the passages for nodes, or those for single facts too."""


def open_newsroom(data: Path | str = "data", *, keep: bool = False) -> Newsroom:
    """The newsroom in the data folder ``data``. Raises `NewsroomError` if there is none.

    With ``keep``, its store is kept in the hidden folder ``.communique`` beside the data, if that can be written, and
    is used again as long as not a byte of the data has changed.

    >>> open_newsroom("data")["2015-05-29-special-report-trafficking"].check()
    []
    """
    return Newsroom(folders.open_data(data), keep=keep)


class Newsroom:
    """A newsroom: its releases by slug, its registry, and the answers to canned questions.

    Only the registry is kept in memory; a release is read and compiled each time it is asked for.
    """

    def __init__(self, folder: folders.NewsroomFolder, *, keep: bool = False) -> None:
        self.folder, self.keep = folder, keep
        self._single: tuple[str, EmbeddedStore] | None = None

    def __getitem__(self, slug: str) -> Release:
        """The release with that slug. Raises `NewsroomError` if there is none."""
        return Release(self, next(self.folder.releases([slug])))

    def __iter__(self) -> Iterator[Release]:
        return (Release(self, written) for written in self.folder.releases())

    @cached_property
    def dataset(self) -> Dataset:
        """The content of ``dataset.yaml``; a publisher given by its id has the name that the registry gives it."""
        about = self.folder.dataset
        if about.publisher is None or about.publisher.id is None:
            return about
        from communique.compile.publisher import with_publisher

        return with_publisher(about, self.registry)

    @property
    def base(self) -> str:
        """The base of all ids; the registry need not be read for it."""
        return self.folder.dataset.base

    @cached_property
    def context(self) -> Context:
        """The context: what the keys of records mean."""
        from communique.context import read_context

        return read_context(self.folder.root)

    @cached_property
    def registry(self) -> Registry:
        """The compiled registry: the entities that releases share."""
        from communique.compile.publisher import with_unknown_publisher
        from communique.compile.registry import compile_registry
        from communique.compile.scheme import with_scheme

        about = self.folder.dataset
        registry = compile_registry(self.folder.entities(), self.context, base=about.base, language=about.language)
        return with_unknown_publisher(about, with_scheme(about, registry), self.folder.data / "dataset.yaml")

    def checker(self, profiles: Sequence[str] = (), *, explain: bool = False) -> Checker:
        """The checker for releases, with the core shapes and those of the profiles named.

        With ``explain``, it says of each fact how its words were found.
        """
        from communique.check.checker import Checker
        from communique.check.shapes import read_shapes
        from communique.iris import own_iri

        shapes = read_shapes(profiles, self.folder.root)
        about = self.dataset
        publisher = own_iri(about.base, about.publisher.id) if about.publisher and about.publisher.id else ""
        return Checker(
            about.base,
            about.language,
            self.context,
            self.registry,
            shapes,
            inferences=about.standing,
            publisher=publisher,
            explain=explain,
        )

    @cached_property
    def core(self) -> Checker:
        """The default checker for releases, with the core shapes only."""
        return self.checker()

    def compile(self, written: WrittenRelease) -> Compiled:
        """A release compiled to quads."""
        from communique.compile.compiler import compile_release

        about = self.dataset
        return compile_release(
            written,
            self.context,
            base=about.base,
            language=about.language,
            registry=self.registry.entities,
            inferences=about.standing,
        )

    def check(self, slugs: Collection[str] = (), profiles: Sequence[str] = ()) -> Iterator[Checked]:
        """The outcome of the check for each release (or those named), one after the other."""
        return self.checker(profiles).check_all(self.folder, slugs)

    def shared(self) -> list[Quad]:
        """The quads of the graphs that belong to no release: the description of the dataset, and the registry."""
        from communique.compile.about import about_quads

        return [*about_quads(self.dataset), *self.registry.quads()]

    def quads(self, slugs: Collection[str] = (), evidence: str = "full") -> Iterator[Quad]:
        """The quads of all releases (or those named), of the registry, and of the description of the dataset."""
        yield from self.shared()
        for written in self.folder.releases(slugs):
            yield from select(self.compile(written), evidence)

    def export(self, slugs: Collection[str], fmt: str, *, evidence: str = "full", nested: bool = False) -> bytes:
        """Releases in one syntax (a name of `communique.formats`), with the registry's facts about what they mention.

        ``nested``: write the JSON-LD for pages as one tree. Raises `NewsroomError` for a release that cannot be
        compiled.
        """
        from communique.check.lint import named
        from communique.export.rdf import render
        from communique.formats import format_named

        compiled = [self.compile(written) for written in self.folder.releases(slugs)]
        for one in compiled:
            if not one.facts:
                raise NewsroomError(f"{one.slug} cannot be exported: communique check {one.slug} says what is wrong")
        quads = [quad for one in compiled for quad in select(one, evidence)]
        quads += self.registry.describe(sorted(set().union(*(named(one) for one in compiled))))
        slug = compiled[0].slug if len(compiled) == 1 else None
        base, context = self.dataset.base, self.context
        return render(
            quads, format_named(fmt), base=base, context=context, slug=slug, nested=nested, about=self.dataset
        )

    @cached_property
    def store(self) -> EmbeddedStore:
        """An embedded store with all quads: kept in a folder if the newsroom was opened so, else in memory."""
        return self._kept("", self.quads)

    def _store_of(self, slug: str) -> EmbeddedStore:
        """A store with one release and with what belongs to none; the last one is remembered."""
        if self._single is None or self._single[0] != slug:
            self._single = slug, self._kept(slug, lambda: self.quads([slug]))
        return self._single[1]

    def _kept(self, slug: str, quads: Callable[[], Iterator[Quad]]) -> EmbeddedStore:
        from communique.store.kept import open_kept  # only questions need a store

        kept = open_kept(self.folder.root, self.folder.data, quads, slug) if self.keep else None
        return kept or _in_memory(quads())

    @cached_property
    def catalogue(self) -> dict[str, Query]:
        """The canned questions by name."""
        return dict(self._questions)

    @cached_property
    def _questions(self) -> Catalogue:
        """The same, but a question is read only when it is asked."""
        from communique.query.catalogue import Catalogue  # only questions need it

        return Catalogue(self.folder.root)

    def query(self, name: str, *, store: Store | None = None, **values: str) -> Table:
        """The answer to a canned question, from this newsroom or from a ``store`` into which it was loaded.

        A question that is asked of one release sees no other one, so only this one is compiled for it. Raises
        `QueryError` for an unknown question or a wrong parameter.

        >>> table = open_newsroom("data").query("speakers", release="2015-05-29-special-report-trafficking")
        >>> "Chairman" in {row["role"] for row in table.to_dicts()}
        True
        """
        from communique.query.ask import run  # only questions need it

        if store is None and "store" not in self.__dict__:
            table = self._ask_of_release(name, values)
            if table is not None:
                return table
        return run(self._questions, name, values, store or self.store, base=self.base)

    def _ask_of_release(self, name: str, values: Mapping[str, str]) -> Table | None:
        """The answer to a question that is asked of one release, from this alone; None if it is not, or is refused.

        Whether a refusal is right, only all releases can say: another one may have the value that was asked for.
        """
        from communique.query.ask import release_asked, run

        slug = release_asked(self._questions, name, values, self.base)
        if not slug:
            return None
        with suppress(NewsroomError, QueryError):
            return run(self._questions, name, values, self._store_of(slug), base=self.base)
        return None


class Release:
    """One release of a newsroom."""

    def __init__(self, newsroom: Newsroom, written: WrittenRelease) -> None:
        self.newsroom, self.written = newsroom, written

    def __repr__(self) -> str:
        return f"Release({self.slug!r})"

    @property
    def slug(self) -> str:
        """Its slug: the name of its folder."""
        return self.written.slug

    @property
    def source(self) -> str:
        """Its verbatim text."""
        return self.written.source

    @cached_property
    def compiled(self) -> Compiled:
        """Its quads and passages, and the findings of the compiler."""
        return self.newsroom.compile(self.written)

    def graph(self, evidence: str = "none") -> rdflib.Graph:
        """A new rdflib graph of its facts; with ``evidence`` "nodes" or "full", the passages are included."""
        from communique.check.rdflibgraph import build_graph  # rdflib: 0.1 s

        return build_graph(select(self.compiled, evidence))

    def check(self) -> list[Finding]:
        """Its findings; empty if nothing is wrong."""
        return list(self.newsroom.core.check(self.written).findings)


def _in_memory(quads: Iterable[Quad]) -> EmbeddedStore:
    from communique.store.embedded import open_embedded  # only questions need a store

    store = open_embedded()
    store.extend(quads)
    return store


def select(compiled: Compiled, evidence: str) -> tuple[Quad, ...]:
    """The quads of a release, with the evidence at one of the levels in `EVIDENCE`.

    "nodes" leaves out the reified statements for single facts, and the passages that only these refer to. Inferred
    facts remain marked as inferred, with the reason. Raises `CommuniqueError` for any other level.
    """
    if evidence not in EVIDENCE:
        raise CommuniqueError(f"unknown level of evidence {evidence!r}, {hint(evidence, EVIDENCE)}")
    if evidence == "full":
        return compiled.quads
    from communique.compile.evidencegraph import marks_of_inference
    from communique.export.order import subject_of
    from communique.iris import is_statement, read_passage

    facts = compiled.facts + compiled.inferred + marks_of_inference(compiled.evidence)
    if evidence == "none":
        return facts + compiled.page
    kept = [q for q in compiled.evidence if not is_statement(subject_of(q))]
    passages = {q.object for q in kept if q.predicate.value.endswith("#evidence")}
    shown = [q for q in kept if q.subject in passages or read_passage(subject_of(q), compiled.base) is None]
    return facts + tuple(shown) + compiled.page
