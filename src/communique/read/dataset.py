"""The description of a dataset in ``data/dataset.yaml``, read strictly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from communique.addresses import fault_of, is_web_address
from communique.errors import hint
from communique.findings import NOWHERE, Finding, Severity
from communique.ids import is_id
from communique.languages import LANGUAGE, language_fault
from communique.read.files import read_file
from communique.read.standing import STANDING
from communique.read.themes import DATA_THEMES
from communique.read.yamlld import Pointer, position, read_yaml
from communique.terms import DEFAULT_BASE, DESCRIPTION_PREFIXES

_CHAR: Final = r"A-Za-z0-9._~!$&'()*+,;=\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd-"
_REST: Final = rf"(?:[{_CHAR}:@/?]|%[0-9A-Fa-f]{{2}})*"
_EMAIL: Final = re.compile(r"[^@\s<>\"(),:;]+@[^@\s<>\"(),:;]+\.[^@\s<>\"(),:;.]+")
_AGENT: Final = re.compile(r"(?:org|person|project)/[^\s/]+")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


@cache
def _iri() -> re.Pattern[str]:
    """The pattern of web addresses (RFC 3987, section 2.2), compiled on first use because that takes 7 ms."""
    return re.compile(rf"https?://[{_CHAR}]+(?::[0-9]+)?(?:[/?]{_REST})?(?:#{_REST})?")


@dataclass(frozen=True, slots=True)
class Agent:
    """A publisher: a name and perhaps a home page; ``id`` is that of its entity in the registry, such as ``org/a``.

    A publisher given by its id has no name until the registry is read.
    """

    name: str
    homepage: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """The contact for questions about the data: at least one of a name, an e-mail address and a page."""

    name: str | None = None
    email: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject of the dataset: the IRI of a concept, and its label where the author gives one."""

    iri: str
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The description of a newsroom's data as a whole.

    ``base`` ends in ``/``. ``issued`` and ``modified`` are days (``YYYY-MM-DD``), None unless the author gives them.
    ``license`` is that of the data, ``text_rights`` says what holds for the texts of the releases.
    ``spatial`` are IRIs of places. ``language`` is that of the title and the description (BCP 47). ``interface`` are
    the languages of the pages; ``index.html`` is in the first one. ``inferences`` are pairs of the name of a standing
    inference and the reason for it.
    """

    title: str = "Press releases"
    description: str = "Press releases as linked data: every fact is tied to the words that say it."
    publisher: Agent | None = None
    license: str | None = None
    text_rights: str | None = None
    base: str = DEFAULT_BASE
    contact: Contact | None = None
    homepage: str | None = None
    language: str = "en"
    interface: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    themes: tuple[Theme, ...] = ()
    spatial: tuple[str, ...] = ()
    issued: str | None = None
    modified: str | None = None
    version: str | None = None
    inferences: tuple[tuple[str, str], ...] = ()

    @property
    def standing(self) -> Mapping[str, str]:
        """The inferences that the newsroom always draws, with its reason for each."""
        return dict(self.inferences)

    @property
    def site(self) -> str:
        """The address of the publication, which ends in ``/``: the home page, or else the base.

        >>> Dataset(homepage="https://example.org").site
        'https://example.org/'
        """
        address = self.homepage or self.base
        return address if address.endswith("/") else address.removesuffix("#") + "/"


INTERFACE_LANGUAGES: Final = ("en", "ru", "kk")
"""The languages in which pages can be published."""

MEANINGS: Final[Mapping[str, str]] = {
    "title": "dcterms:title",
    "description": "dcterms:description",
    "publisher": "dcterms:publisher",
    "license": "dcterms:license",
    "textRights": "dcterms:rights",
    "base": "void:uriSpace",
    "contact": "dcat:contactPoint",
    "homepage": "foaf:homepage",
    "language": "dcterms:language",
    "interface": "schema:availableLanguage",
    "keywords": "dcat:keyword",
    "themes": "dcat:theme",
    "spatial": "dcterms:spatial",
    "issued": "dcterms:issued",
    "modified": "dcterms:modified",
    "version": "dcat:version",
}
"""The keys of the file and the property (a compact IRI) that each of them means."""

INFERENCES: Final = "inferences"
"""The key for standing inferences; it says how records are compiled, and nothing about the data as published."""

_Check = Callable[[Pointer, object], object]
"""Takes the pointer to a value and the value; returns what was read, or None after adding a finding."""

_WANTED: Final = {
    "title": "title: …",
    "publisher": "publisher: …",
    "license": "license: …",
    "contact": "contact: an e-mail address, or {name: …, email: …, url: …}, for corrections and objections",
}
"""The keys that every newsroom should have, and how to write each of them."""


def read_dataset(path: Path) -> tuple[Dataset, list[Finding]]:
    """The description in a ``dataset.yaml``, and the findings about it.

    Without the file a newsroom has the default title and base, and a finding of severity info says so. A wrong value is
    a finding and is replaced by the default. Nothing in the file raises an exception.
    """
    unread: list[Finding] = []
    data = read_file(path, unread)
    if unread and unread[0].code == "missing-file":
        fix = "write one with title, publisher and license"
        message = f"there is no {path.name}: default title and base are used"
        return Dataset(), [Finding.of_file(path, "no-dataset-file", message, severity="info", fix=fix)]
    if data is None:
        return Dataset(), unread
    document, findings = read_yaml(data, str(path))
    if document is None:
        return Dataset(), findings
    reader = _Reader(str(path), data, findings)
    return reader.dataset(document), findings


@dataclass
class _Reader:
    """Reads and checks the values of the file one by one.

    Each method takes the pointer to a value and the value. It returns what was read, or None after adding a finding.
    """

    file: str
    data: bytes
    findings: list[Finding] = field(default_factory=list)

    def dataset(self, document: Mapping[str, object]) -> Dataset:
        """The description with all values that are valid."""
        values: dict[str, Any] = {}
        for key, value in document.items():
            if key == "@context":
                self.context(value)
            elif key == INFERENCES:
                values[INFERENCES] = self.inferences(value)
            elif key not in MEANINGS:
                self.unknown((key,), (*MEANINGS, INFERENCES))
            else:
                read = self.value(key, value)
                if read is not None:
                    values["text_rights" if key == "textRights" else key] = read
        for key, line in _WANTED.items():
            if key not in document:
                self.refuse((), "missing-key", f"{key} is missing", f"add {line}", severity="warning")
        return Dataset(**values)

    def value(self, key: str, value: object) -> object:
        """The value of a known key, or None if it is wrong."""
        one: dict[str, _Check] = {
            "title": self.text,
            "description": self.text,
            "version": self.text,
            "textRights": self.text,
            "publisher": self.publisher,
            "contact": self.contact,
            "license": self.iri,
            "homepage": self.iri,
            "base": self.base,
            "language": self.language,
            "issued": self.day,
            "modified": self.day,
        }
        many: dict[str, _Check] = {
            "interface": self.interface,
            "keywords": self.text,
            "themes": self.theme,
            "spatial": self.iri,
        }
        if key in many:
            items = value if isinstance(value, list) else [value]
            read = (many[key]((key, i), item) for i, item in enumerate(items))
            return tuple(dict.fromkeys(v for v in read if v is not None))
        return one[key]((key,), value)

    def text(self, at: Pointer, value: object) -> str | None:
        """A text that is not empty."""
        if isinstance(value, str) and value.strip():
            return value
        what = "empty" if value is None or value == "" else f"not text but {_kind(value)}"
        fix = "put it into quotation marks" if isinstance(value, int | float) else f"write {at[0]}: some words"
        self.refuse(at, "wrong-type", f"{at[0]} is {what}", fix)
        return None

    def matching(self, at: Pointer, value: object, pattern: re.Pattern[str], code: str, what: str) -> str | None:
        """A text that fully matches a pattern; ``what`` says in a finding what is expected."""
        text = self.text(at, value)
        if text is None or pattern.fullmatch(text):
            return text
        self.refuse(at, code, f"{at[-1] if isinstance(at[-1], str) else at[0]} must be {what}, not {text!r}")
        return None

    def iri(self, at: Pointer, value: object) -> str | None:
        """An absolute http or https IRI."""
        iri = self.matching(at, value, _iri(), "not-an-iri", "an address that begins with http:// or https://")
        if iri is None or is_web_address(iri):
            return iri
        self.refuse(at, "not-an-iri", f"{iri[:200]!r} {fault_of(iri)}")
        return None

    def base(self, at: Pointer, value: object) -> str | None:
        """The base IRI, to which ids are relative."""
        iri = self.iri(at, value)
        if iri is None or (iri.endswith("/") and not set(iri) & set("?#")):
            return iri
        better = re.split("[?#]", iri)[0].rstrip("/") + "/"
        self.refuse(at, "not-an-iri", f"the base must end in /, without ? and #: {iri!r}", f"write {better}")
        return None

    def email(self, at: Pointer, value: object) -> str | None:
        """An e-mail address without ``mailto:``."""
        return self.matching(at, value, _EMAIL, "not-an-email", "an e-mail address such as press@example.org")

    def language(self, at: Pointer, value: object) -> str | None:
        """A language tag (BCP 47)."""
        text = self.text(at, value)
        if text is None or LANGUAGE.fullmatch(text):
            return text
        self.refuse(at, "not-a-language", f"{at[0]}: {language_fault(text)}")
        return None

    def interface(self, at: Pointer, value: object) -> str | None:
        """One of the languages in which pages can be published."""
        language = self.language(at, value)
        if language is None or language in INTERFACE_LANGUAGES:
            return language
        fix = f"there are {', '.join(INTERFACE_LANGUAGES)}"
        self.refuse(at, "not-a-language", f"the pages have no words in the language {language!r}", fix)
        return None

    def day(self, at: Pointer, value: object) -> str | None:
        """A day that exists, as ``YYYY-MM-DD``."""
        text = self.matching(at, value, _DAY, "not-a-date", "a day such as 2015-05-29")
        try:
            return date.fromisoformat(text).isoformat() if text else None
        except ValueError:
            self.refuse(at, "not-a-date", f"the calendar has no such day: {text}")
            return None

    def publisher(self, at: Pointer, value: object) -> Agent | None:
        """A name, a name with a home page, or the id of an organisation or a person of the registry."""
        if isinstance(value, str) and _AGENT.fullmatch(value) and is_id(value):
            return Agent("", id=value)
        made = self.members(at, value, {"name": self.text, "homepage": self.iri})
        if isinstance(value, dict) and not made.get("name"):
            if "name" not in value:
                self.refuse(at, "missing-key", "the publisher needs a name")
            return None
        return Agent(**made) if made else None

    def contact(self, at: Pointer, value: object) -> Contact | None:
        """An e-mail address, or a mapping with name, email and url."""
        if not isinstance(value, dict):
            email = self.email(at, value)
            return Contact(email=email) if email else None
        made = self.members(at, value, {"name": self.text, "email": self.email, "url": self.iri})
        return Contact(**made) if made else None

    def inferences(self, value: object) -> tuple[tuple[str, str], ...]:
        """The inferences that are always drawn, sorted by name, each with a reason."""
        if not isinstance(value, dict):
            fix = 'write inferences: {speakers-attend: "the reason that a reader is given"}'
            self.refuse((INFERENCES,), "wrong-type", f"inferences is not a mapping but {_kind(value)}", fix)
            return ()
        made = []
        for name, why in sorted(value.items()):
            if name not in STANDING:
                self.unknown((INFERENCES, name), STANDING)
            elif (reason := self.text((INFERENCES, name), why)) is not None:
                made.append((name, reason))
        return tuple(made)

    def theme(self, at: Pointer, value: object) -> Theme | None:
        """The IRI of a concept, or a mapping with id and label."""
        if not isinstance(value, dict):
            iri = self.iri(at, value)
            if iri is not None and iri not in DATA_THEMES:
                fix = "write {id: …, label: …}"
                self.refuse(at, "theme-without-label", f"the theme {iri} has no label", fix, severity="warning")
            return Theme(iri) if iri else None
        made = self.members(at, value, {"id": self.iri, "label": self.text})
        if not made.get("id"):
            if "id" not in value:
                self.refuse(at, "missing-key", "a theme needs an id")
            return None
        return Theme(made["id"], made.get("label"))

    def members(self, at: Pointer, value: object, known: Mapping[str, _Check]) -> dict[str, Any]:
        """The valid values of a mapping with some ``known`` keys; a plain text is read as the key ``name``."""
        if not isinstance(value, dict):
            text = self.text(at, value)
            return {"name": text} if text else {}
        made = {}
        for key, member in value.items():
            if key not in known:
                self.unknown((*at, key), known)
                continue
            read = known[key]((*at, key), member)
            if read is not None:
                made[key] = read
        return made

    def context(self, value: object) -> None:
        """Check that a context gives no key another meaning: we would ignore it, but it would mislead other readers."""
        if not isinstance(value, dict):
            fix = "write the context out, as in the documentation, or leave it out"
            self.refuse(("@context",), "context-not-checked", "the context cannot be compared", fix, severity="warning")
            return
        for key in MEANINGS:
            if key in value:
                entry = value[key].get("@id") if isinstance(value[key], dict) else value[key]
                if _expanded(entry, value) != _expanded(MEANINGS[key], DESCRIPTION_PREFIXES):
                    message = f"the context gives {key} another meaning than {MEANINGS[key]}"
                    self.refuse(("@context", key), "context-differs", message)

    def unknown(self, at: Pointer, known: Iterable[str]) -> None:
        """Add a finding about an unknown key."""
        fix = hint(str(at[-1]), sorted(known))
        self.refuse(at, "unknown-key", f"the key {at[-1]!r} means nothing here", fix, key=True)

    def refuse(
        self,
        at: Pointer,
        code: str,
        message: str,
        fix: str | None = None,
        *,
        key: bool = False,
        severity: Severity = "violation",
    ) -> None:
        """Add a finding at the position of a value, or of its ``key``."""
        place = position(self.data, at, key=key) if at else NOWHERE
        path = str(at[0]) if at else None
        self.findings.append(Finding.at(self.file, place, code, message, severity=severity, path=path, fix=fix))


def _expanded(name: object, prefixes: Mapping[str, object]) -> str:
    """The full IRI of a compact one."""
    prefix, _, rest = str(name).partition(":")
    return f"{prefixes[prefix]}{rest}" if isinstance(prefixes.get(prefix), str) else str(name)


def _kind(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return names.get(type(value), type(value).__name__)
