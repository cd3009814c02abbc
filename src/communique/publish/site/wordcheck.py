"""Whether every word that the pages need is there in every language, said before anything is built.

Keys that stand in the code and the templates as they are, the tests look up; what is put together from a table, such as
``download.`` and the name of a syntax, is listed here, a row for each table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from string import Formatter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from communique import artefacts
from communique.check import sums
from communique.context import read_context
from communique.drawing.picture import PICTURE_WORDS, TIES
from communique.drawing.timeline import TIMELINE_WORDS
from communique.errors import ArtefactError
from communique.formats import FORMATS
from communique.kinds import word_keys
from communique.publish.site.browser import PROGRAM_WORDS
from communique.publish.site.columns import column_table
from communique.publish.site.newsroom import dataset_files
from communique.publish.site.pages import NAVIGATION, SCRIPT_WORDS
from communique.publish.site.release_page import SOURCE, SUMMARY
from communique.publish.site.sections import SECTIONS
from communique.publish.site.vocabulary import SEVERITIES, TERM_KINDS
from communique.publish.words import local_name, plural_categories, word_table
from communique.query.catalogue import AUDIENCES, Query
from communique.read.dataset import INTERFACE_LANGUAGES
from communique.terms import CMQ, OA, RDF, TYPE

if TYPE_CHECKING:
    from communique.api import Newsroom

COUNTED: Final = "n."
"""With this begin the keys whose texts count things: one for each plural category."""

OF_EVIDENCE: Final = frozenset(CMQ + name for name in ("evidence", "basis", "evidenceSource", "roleSource"))
"""Properties that tie facts to words: pages show them as signs that lead to the words, not as rows with a label."""


class Need(NamedTuple):
    """The keys that a table needs; ``table`` is where a reader finds it."""

    table: str
    keys: Collection[str]


def needed_words() -> tuple[Need, ...]:
    """What the tables need of ``words.json``, a row for each table."""
    menu = [key for key, _ in NAVIGATION]
    return (
        Need("formats.py", [f"download.{name}" for name in FORMATS]),
        Need("site/newsroom.py", [f"download.{file.key}" for file in (SOURCE, *dataset_files())]),
        Need("kinds.py", list(word_keys())),
        Need("check/sums.py", [f"n.{key}" for key in sums.COUNTED]),
        Need("site/pages.py", [f"nav.{key}" for key in menu]),
        Need("site/pages.py", SCRIPT_WORDS),
        Need("site/release_page.py", [f"sum.{key}" for key in SUMMARY]),
        Need("site/sections.py", [f"sec.{key}" for key in SECTIONS]),
        Need("site/vocabulary.py", [*TERM_KINDS, *(f"severity.{name}" for name in SEVERITIES)]),
        Need("site/browser.py", PROGRAM_WORDS),
        Need("query/catalogue.py", [f"audience.{name}" for name in AUDIENCES]),
        Need("drawing/", (*PICTURE_WORDS, *TIMELINE_WORDS)),
        Need("drawing/", [f"{way}.{local_name(iri)}" for iri in TIES for way in "pi"]),
        Need("ontology/context.jsonld", list(labels_needed())),
        Need("site/articles.py", [f"p.{local_name(TYPE)}"]),
    )


def labels_needed() -> Iterator[str]:
    """The keys of what the properties of the packaged context are called.

    Each has words that stand before its value; one that joins nodes has words before its subject, too. A newsroom may
    have a context of its own: what only that has is called by its name, in words.
    """
    context = read_context()
    for term in (*context.terms.values(), *(term for own in context.scoped.values() for term in own.values())):
        if term.iri not in OF_EVIDENCE and not term.iri.startswith((OA, RDF)):
            yield f"p.{local_name(term.iri)}"
            if term.kind == "reference":
                yield f"i.{local_name(term.iri)}"


def needed_columns(catalogue: Mapping[str, Query]) -> tuple[Need, ...]:
    """What questions need of ``columns.json``: words for each of their columns and parameters."""
    return tuple(
        Need(f"queries/{name}.rq", [*(c.name for c in query.columns), *(p.name for p in query.parameters)])
        for name, query in catalogue.items()
    )


def check_words(newsroom: Newsroom) -> None:
    """Raise `ArtefactError`, one sentence, if a word is missing or wrong in a language: for the start of a build.

    Questions of a newsroom's own say themselves what their columns are called, or show the names of these.
    """
    is_packaged = artefacts.folder("queries", newsroom.folder.root) == artefacts.folder("queries")
    columns = needed_columns(newsroom.catalogue if is_packaged else {})
    found = [
        *faults_of_words("words.json", word_table(), needed_words()),
        *faults_of_words("columns.json", column_table(), columns),
    ]
    if found:
        more = f" ({len(found) - 1} more like this)" if len(found) > 1 else ""
        raise ArtefactError(found[0] + more)


def faults_of_words(
    name: str,
    table: Mapping[str, Mapping[str, Any]],
    needs: Iterable[Need],
    languages: Collection[str] = INTERFACE_LANGUAGES,
) -> Iterator[str]:
    """What is missing or wrong in a table of words, a sentence each; ``name`` is that of its file."""
    missing: dict[str, str] = {}
    for need in needs:
        missing |= {key: need.table for key in need.keys if key not in table and key not in missing}
    for key, needy in missing.items():
        yield f"{name} has no {key!r}, which {needy} needs: add it in {', '.join(languages)}"
    yield from faults_of_texts(name, table, languages)


def faults_of_texts(
    name: str, table: Mapping[str, Mapping[str, Any]], languages: Collection[str] = INTERFACE_LANGUAGES
) -> Iterator[str]:
    """What is missing or wrong in the texts of a table of words, a sentence each; ``name`` is that of its file.

    Each key has a text in each language and in no other; all have the same places, such as ``{n}``, and none is empty
    where others are not. What counts things has a text for each plural category of its language.
    """
    for key, texts in table.items():
        yield from (f"{name} has no {key!r} in {tag}: add it" for tag in languages if tag not in texts)
        yield from (
            f"{name}: {key!r} is given in {tag!r}, which is no language of the pages ({', '.join(languages)})"
            for tag in texts
            if tag not in languages
        )
        own = {tag: texts[tag] for tag in languages if tag in texts}
        if key.startswith(COUNTED):
            wrong = [*_faults_of_forms(key, own)]
            own = {f"{tag} ({form})": text for tag in own for form, text in own[tag].items()} if not wrong else {}
        else:
            wrong = [f"{key!r} in {tag} must be a text" for tag, text in own.items() if not isinstance(text, str)]
        yield from (f"{name}: {fault}" for fault in wrong or _faults_of_places(key, own))


def _faults_of_forms(key: str, texts: Mapping[str, Any]) -> Iterator[str]:
    for tag, forms in texts.items():
        wanted = plural_categories(tag)
        given = set(forms) if isinstance(forms, dict) else set()
        if given != wanted or not all(isinstance(text, str) for text in forms.values()):
            yield f"{key!r} in {tag} must have a text for each of {', '.join(sorted(wanted))}"


def _faults_of_places(key: str, texts: Mapping[str, str]) -> Iterator[str]:
    """Texts that cannot be filled in, or whose places or emptiness differ; each is compared with the first."""
    places: dict[str, frozenset[str]] = {}
    for tag, text in texts.items():
        try:
            fields = [field for _, field, _, _ in Formatter().parse(text) if field is not None]
        except ValueError as error:
            yield f"{key!r} in {tag} cannot be filled in: {error}"
            return
        odd = [field for field in fields if not field.isidentifier()]
        if odd:
            yield f"{key!r} in {tag} has the place {{{odd[0]}}}: a place is a name in braces"
            return
        places[tag] = frozenset(fields)
    for tag in texts:
        first = next(iter(texts))
        if places[tag] != places[first]:
            yield f"{key!r} has {_shown(places[first])} in {first} and {_shown(places[tag])} in {tag}: they must agree"
        if bool(texts[tag].strip()) != bool(texts[first].strip()):
            empty = tag if texts[first].strip() else first
            yield f"{key!r} is empty in {empty}: write it, or leave it empty in every language"


def _shown(places: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(places)) or "no places"
