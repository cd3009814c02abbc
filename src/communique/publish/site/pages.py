"""What all pages share: templates, words, the relative address of one page from another, the security policy."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from communique.check.sums import ALWAYS, COUNTED
from communique.formats import FORMATS, TRIG
from communique.ids import REGISTRY
from communique.iris import (
    document_of,
    fragment_of,
    is_inner,
    is_own,
    is_statement,
    page_path,
    read_graph,
    release_path,
    slug_in,
    without_base,
)
from communique.kinds import LANES, MENU
from communique.publish.site.bytecode import CompiledTemplates
from communique.publish.site.direction import direction, direction_of_language
from communique.publish.site.folding import FoldedLines
from communique.publish.site.templating import Templates
from communique.publish.site.vendored import were_built
from communique.publish.words import Words, sentence
from communique.read.dataset import Dataset

NAVIGATION: Final = (
    ("releases", "index.html#releases"),
    *((key, f"index.html#{key}") for key in MENU),
    ("questions", "queries/index.html"),
    ("vocabulary", "ontology/index.html"),
    ("data", "data.html"),
)
PLACES: Final = {lane.key: 6 * place for place, lane in enumerate(LANES)}
"""The position of each lane in the map of a text, in units of the drawing."""

SCRIPT_WORDS: Final = (
    *("js.nothing_fits", "js.nothing_found", "js.of", "js.resting", "js.around", "js.passages", "js.loading"),
    *("js.original", "copied", "inferred"),
)
"""The keys of the words that every page passes to its script, which sees them without ``js.``."""

_GRAPH_FILES: Final = {REGISTRY: TRIG.dataset_file, "dataset": "void.ttl"}
"""The files with the graphs that belong to the newsroom as a whole."""
_STRICT: Final = (
    "default-src 'none'; style-src 'self'{style}; style-src-attr 'unsafe-inline'; script-src 'self'{script}; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'"
)
_SAFE_IN_CSS: Final = re.compile(r"[^\w=,./#-]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Smaller:
    """A compressed copy of a file."""

    href: str
    megabytes: Decimal


@dataclass(frozen=True, slots=True)
class File:
    """A file offered for download; ``key`` is the key of the words that describe it."""

    key: str
    name: str
    href: str
    media_type: str = ""
    smaller: Smaller | None = None


@dataclass(slots=True)
class Page:
    """One page to be rendered: its template, its path below the root of the publication, and the template's values.

    ``rules`` is CSS for this page only; ``jsonld`` is the content of its script element. ``computes``: the page can run
    WebAssembly in a worker when its reader asks for it, and its policy allows that. ``absolute`` is the path of the
    site, for a page that is shown at any address.
    """

    template: str
    path: str
    values: Mapping[str, Any] = field(default_factory=dict)
    current: str = ""
    css_class: str = ""
    rules: str = ""
    jsonld: bytes = b""
    computes: bool = False
    alternates: tuple[File, ...] = ()
    absolute: str = ""

    @property
    def root(self) -> str:
        """The path from this page to the root of the publication: "", some "../", or the path of the site."""
        return self.absolute or "../" * self.path.count("/")


class Pages:
    """Renders the pages of one publication in one language."""

    def __init__(self, dataset: Dataset, language: str) -> None:
        self.dataset = dataset
        self.words = Words(language)
        self.suffix = "" if language == page_languages(dataset)[0] else f".{language}"

    def render(self, page: Page) -> bytes:
        """The bytes of a page. Every value is escaped; what a template marks as safe was made by this program."""
        words = self.words
        text = (
            environment()
            .get_template(page.template)
            .render(
                {
                    "w": words,
                    "root": page.root,
                    "dataset": self.dataset,
                    "site_title": self.dataset.title,
                    "navigation": [(key, self._in_language(href)) for key, href in NAVIGATION],
                    "current": page.current,
                    "page_class": page.css_class,
                    "local": self.local,
                    "suffix": self.suffix,
                    "translations": self._translations(page),
                    "rules": page.rules,
                    "policy": policy(page.rules, computes=page.computes),
                    "alternates": page.alternates,
                    "script_words": json.dumps(script_words(words), ensure_ascii=False),
                    "page_jsonld": page.jsonld.decode(),
                    "original": "",
                    "has_editor": were_built(),
                    "lanes": PLACES,
                    "counted": tuple(COUNTED),
                    "counted_always": ALWAYS,
                }
                | dict(page.values)
            )
        )
        return text.encode()

    def address(self, iri: str, root: str) -> str:
        """Where a node can be read about: its own page, its place on its release's page, or its IRI."""
        base = self.dataset.base
        if not is_own(iri, base):
            return iri
        if graph := read_graph(iri, base):
            return root + url(_GRAPH_FILES.get(graph.slug, f"{release_path(graph.slug)}/{TRIG.file}"))
        slug = slug_in(iri, base)
        path = release_path(slug) if slug else without_base(document_of(iri), base)
        # the statement node of a fact has no element of its own on the page
        fragment = "" if is_statement(iri) else fragment_of(iri)
        return root + url(self.local(page_path(path))) + (f"#{fragment_url(fragment)}" if fragment else "")

    def local(self, path: str) -> str:
        """The path of a page in this language."""
        return f"{path.removesuffix('.html')}{self.suffix}.html"

    def _in_language(self, href: str) -> str:
        fragment = fragment_of(href)
        return self.local(document_of(href)) + (f"#{fragment}" if fragment else "")

    def _translations(self, page: Page) -> list[tuple[str, str, str]]:
        """The same page in every language: the language's tag and name, and the name of the file."""
        name = PurePosixPath(page.path).name
        others = [Pages(self.dataset, language) for language in page_languages(self.dataset)]
        return [(o.words.language, o.words("lang.own"), page.absolute + o.local(name)) for o in others]

    def own_page(self, iri: str, root: str) -> str:
        """The address of an entity's own page; "" for any other node."""
        return self.address(iri, root) if is_own(iri, self.dataset.base) and not is_inner(iri) else ""


def page_languages(dataset: Dataset) -> tuple[str, ...]:
    """The languages of the pages: those configured, else the dataset's if there are words for it, else English."""
    return dataset.interface or (Words(dataset.language).language,)


def all_pages(dataset: Dataset) -> tuple[Pages, ...]:
    """The renderers of the pages, one for each language."""
    return tuple(Pages(dataset, language) for language in page_languages(dataset))


@cache
def environment() -> Environment:
    """The environment of the templates: values are escaped, an undefined name is an error, `fold` rules line breaks."""
    place = Path(__file__).resolve().parent
    templates = Templates(
        loader=PackageLoader("communique.publish.site"),
        bytecode_cache=CompiledTemplates(place / "templates", place.parent),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[FoldedLines],
    )
    templates.filters["direction"] = direction
    templates.filters["direction_of_language"] = direction_of_language
    templates.filters["fragment"] = fragment_url
    templates.filters["sentence"] = sentence
    return templates


def script_words(words: Words) -> dict[str, str]:
    """The words that the script needs, by key without ``js.``."""
    return {key.removeprefix("js."): words(key, n="{n}", all="{all}") for key in SCRIPT_WORDS}


def policy(rules: str, *, computes: bool = False) -> str:
    """The content security policy of a page (CSP level 3), with the hash of its style block if it has one."""
    digest = base64.b64encode(hashlib.sha256(rules.encode()).digest()).decode() if rules else ""
    strict = _STRICT.format(
        style=f" 'sha256-{digest}'" if digest else "", script=" 'wasm-unsafe-eval'" if computes else ""
    )
    return strict + ("; worker-src 'self'" if computes else "")


def url(path: str) -> str:
    """A path, percent-encoded for a link (RFC 3986, section 3.3)."""
    return quote(path, safe="/~!$&'()*+,;=:@")


def fragment_url(fragment: str) -> str:
    """A fragment, percent-encoded for a link (RFC 3986, section 3.5)."""
    return quote(fragment, safe="/~!$&'()*+,;=:@?")


def css_string(text: str) -> str:
    """Text escaped for a quoted string in a style sheet (CSS Syntax Module, section 4.3.7).

    >>> css_string('char=1,2'), css_string('"</style>')
    ('char=1,2', '\\\\22 \\\\3c /style\\\\3e ')
    """
    return _SAFE_IN_CSS.sub(lambda m: f"\\{ord(m[0]):x} ", text)


def data_files(names: Iterable[str] = FORMATS) -> tuple[File, ...]:
    """The data files beside the page of a release or an entity, in the syntaxes with these names."""
    return tuple(File(f.name, f.title, f.file, f.media_type) for f in map(FORMATS.__getitem__, names) if f.paged)


def static_files() -> Iterable[tuple[str, bytes]]:
    """The style sheet, the script and the icon: name and bytes."""
    for name in ("style.css", "script.js", "icon.svg"):
        yield name, files("communique.publish.site").joinpath("static", name).read_bytes()
