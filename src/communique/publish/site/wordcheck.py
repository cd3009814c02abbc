"""A check, before anything is built, that all words of the pages exist in every language.

The tests look up the keys that are written out in the code and the templates. Keys that are composed from a table, such
as ``download.`` and the name of a syntax, are listed here, one row for each table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from string import Formatter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from communique import artefacts
from communique.check import sums
from communique.context import read_context
from communique.drawing.picture import PICTURE_WORDS, TIES
from communique.drawing.timeline import STATUS_WORDS, TIMELINE_WORDS
from communique.errors import ArtefactError
from communique.formats import DATASET_FILES, FORMATS
from communique.kinds import word_keys
from communique.publish.site.browser import PROGRAM_WORDS
from communique.publish.site.columns import column_table
from communique.publish.site.pages import NAVIGATION, SCRIPT_WORDS
from communique.publish.site.release_page import SOURCE, SUMMARY
from communique.publish.site.sections import SECTIONS, SEVERAL_EVENTS
from communique.publish.site.vocabulary import SEVERITIES, TERM_KINDS
from communique.publish.words import local_name, plural_categories, word_table
from communique.query.catalogue import AUDIENCES, Query
from communique.read.dataset import INTERFACE_LANGUAGES
from communique.terms import CMQ, OA, RDF, TYPE
from communique.text.numbers import COMPARISONS
from communique.text.yearparts import CODES

if TYPE_CHECKING:
    from communique.api import Newsroom

COUNTED: Final = "n."
"""The prefix of keys whose texts count things: they have a text for each plural category."""

OF_EVIDENCE: Final = frozenset(
    CMQ + name for name in ("evidence", "basis", "evidenceSource", "formSource", "roleSource")
)
"""Properties that tie facts to words: pages show them as links to the words, not as rows with a label."""


class Need(NamedTuple):
    """The keys that a table needs; ``table`` names the file in which it is found."""

    table: str
    keys: Collection[str]


def needed_words() -> tuple[Need, ...]:
    """The keys of ``words.json`` that the tables need, one row for each table."""
    menu = [key for key, _ in NAVIGATION]
    return (
        Need("formats.py", [f"download.{name}" for name in FORMATS]),
        Need("site/newsroom.py", [f"download.{key}" for key in (SOURCE.key, *(file.key for file in DATASET_FILES))]),
        Need("kinds.py", list(word_keys())),
        Need("check/sums.py", [f"n.{key}" for key in sums.COUNTED]),
        Need("site/pages.py", [f"nav.{key}" for key in menu]),
        Need("site/pages.py", SCRIPT_WORDS),
        Need("text/numbers.py", [f"cmp.{name}" for name in COMPARISONS]),
        Need("text/yearparts.py", [f"part_of_year.{code}" for code in CODES]),
        Need("site/release_page.py", [f"sum.{key}" for key in SUMMARY]),
        Need("site/sections.py", [*(f"sec.{key}" for key in SECTIONS), SEVERAL_EVENTS]),
        Need("site/vocabulary.py", [*TERM_KINDS, *(f"severity.{name}" for name in SEVERITIES)]),
        Need("site/browser.py", PROGRAM_WORDS),
        Need("query/catalogue.py", [f"audience.{name}" for name in AUDIENCES]),
        Need("drawing/", (*PICTURE_WORDS, *TIMELINE_WORDS, *STATUS_WORDS.values())),
        Need("drawing/", [f"{direction}.{local_name(iri)}" for iri in TIES for direction in "pi"]),
        Need("ontology/context.jsonld", list(labels_needed())),
        Need("site/articles.py", [f"p.{local_name(TYPE)}"]),
    )


_WITHOUT_KEY: Final = ("i.identifier", "p.propertyID", "p.role", "i.role", "p.member", "i.member")
"""Labels of what the compiler adds to a code with a scheme and to a title, and of ``schema:member``: no short key."""


def labels_needed() -> Iterator[str]:
    """The keys of the labels of all properties in the packaged context, and of those that only rules write.

    Each property has a label for use before its value; one that joins nodes also has a label for use before its
    subject. A newsroom may have a context of its own: the label of a property that only that has is made from its name.
    """
    context = read_context()
    for term in (*context.terms.values(), *(term for own in context.scoped.values() for term in own.values())):
        if term.iri not in OF_EVIDENCE and not term.iri.startswith((OA, RDF)):
            yield f"p.{local_name(term.iri)}"
            if term.kind == "reference":
                yield f"i.{local_name(term.iri)}"
    yield from _WITHOUT_KEY


def needed_columns(catalogue: Mapping[str, Query]) -> tuple[Need, ...]:
    """The keys of ``columns.json`` that questions need: one for each of their columns and parameters."""
    return tuple(
        Need(f"queries/{name}.rq", [*(c.name for c in query.columns), *(p.name for p in query.parameters)])
        for name, query in catalogue.items()
    )


def check_words(newsroom: Newsroom) -> None:
    """Raise `ArtefactError`, with one sentence, if a word is missing or wrong in a language; called before a build.

    A newsroom's own questions give the labels of their columns themselves; a column without one is shown by its name.
    """
    is_packaged = artefacts.folder("queries", newsroom.folder.root) == artefacts.folder("queries")
    columns = needed_columns(newsroom.catalogue if is_packaged else {})
    faults = [
        *faults_of_words("words.json", word_table(), needed_words()),
        *faults_of_words("columns.json", column_table(), columns),
    ]
    if faults:
        more = f" ({len(faults) - 1} more like this)" if len(faults) > 1 else ""
        raise ArtefactError(faults[0] + more)


def faults_of_words(
    name: str,
    table: Mapping[str, Mapping[str, Any]],
    needs: Iterable[Need],
    languages: Collection[str] = INTERFACE_LANGUAGES,
) -> Iterator[str]:
    """What is missing or wrong in a table of words, a sentence for each fault; ``name`` is the name of its file."""
    missing: dict[str, str] = {}
    for need in needs:
        missing |= {key: need.table for key in need.keys if key not in table and key not in missing}
    for key, table_name in missing.items():
        yield f"{name} has no {key!r}, which {table_name} needs: add it in {', '.join(languages)}"
    yield from faults_of_texts(name, table, languages)


def faults_of_texts(
    name: str, table: Mapping[str, Mapping[str, Any]], languages: Collection[str] = INTERFACE_LANGUAGES
) -> Iterator[str]:
    """What is missing or wrong in the texts of a table, a sentence for each fault; ``name`` is the name of its file.

    Each key must have a text in each language and in no other. All its texts must have the same placeholders, such as
    ``{n}``, and be empty either in every language or in none. A text that counts things must exist for each plural
    category of its language.
    """
    for key, texts in table.items():
        yield from (f"{name} has no {key!r} in {tag}: add it" for tag in languages if tag not in texts)
        yield from (
            f"{name}: {key!r} is given in {tag!r}, which is not a language of the pages ({', '.join(languages)})"
            for tag in texts
            if tag not in languages
        )
        given = {tag: texts[tag] for tag in languages if tag in texts}
        if key.startswith(COUNTED):
            faults = [*_faults_of_forms(key, given)]
            forms = ((f"{tag} ({form})", text) for tag in given for form, text in given[tag].items())
            given = {} if faults else dict(forms)
        else:
            faults = [f"{key!r} in {tag} must be a text" for tag, text in given.items() if not isinstance(text, str)]
        yield from (f"{name}: {fault}" for fault in faults or _faults_of_placeholders(key, given))


def _faults_of_forms(key: str, texts: Mapping[str, Any]) -> Iterator[str]:
    """Languages whose texts are not one for each plural category."""
    for tag, forms in texts.items():
        wanted = plural_categories(tag)
        given = set(forms) if isinstance(forms, dict) else set()
        if given != wanted or not all(isinstance(text, str) for text in forms.values()):
            yield f"{key!r} in {tag} must have a text for each of {', '.join(sorted(wanted))}"


def _faults_of_placeholders(key: str, texts: Mapping[str, str]) -> Iterator[str]:
    """Texts that cannot be filled in, or that differ from the first in their placeholders or in being empty."""
    places: dict[str, frozenset[str]] = {}
    for tag, text in texts.items():
        try:
            fields = [field for _, field, _, _ in Formatter().parse(text) if field is not None]
        except ValueError as error:
            yield f"{key!r} in {tag} cannot be filled in: {error}"
            return
        wrong = [field for field in fields if not field.isidentifier()]
        if wrong:
            yield f"{key!r} in {tag} has the placeholder {{{wrong[0]}}}: write a name in braces"
            return
        places[tag] = frozenset(fields)
    for tag in texts:
        first = next(iter(texts))
        if places[tag] != places[first]:
            one, other = _placeholder_list(places[first]), _placeholder_list(places[tag])
            yield f"{key!r} has {one} in {first} and {other} in {tag}: they must agree"
        if bool(texts[tag].strip()) != bool(texts[first].strip()):
            empty = tag if texts[first].strip() else first
            yield f"{key!r} is empty in {empty}: write it, or leave it empty in every language"


def _placeholder_list(places: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(places)) or "no placeholders"
