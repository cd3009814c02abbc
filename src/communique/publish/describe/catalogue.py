"""The catalogue of a publication: DCAT-AP 3.0.1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from communique.formats import DATASET_FILES, DatasetFile
from communique.publish.compressed import MEDIA_TYPE, SUFFIX
from communique.publish.counts import Counts
from communique.publish.describe.graph import DescriptionGraph, literal
from communique.read.dataset import Dataset
from communique.read.themes import DATA_THEMES
from communique.terms import EU_AUTHORITY, MEDIA_TYPES, ONTOLOGY

if TYPE_CHECKING:
    from pyoxigraph import Literal

LANGUAGES: Final = {
    "ar": "ARA", "de": "DEU", "en": "ENG", "es": "SPA", "fr": "FRA", "it": "ITA", "kk": "KAZ", "ky": "KIR",
    "pl": "POL", "pt": "POR", "ru": "RUS", "tg": "TGK", "tk": "TUK", "uk": "UKR", "uz": "UZB", "zh": "ZHO",
}  # fmt: skip
"""Language tags and their codes in the EU list; a language not listed here is left out of the catalogue."""

_PERIODS: Final = {4: "gYear", 7: "gYearMonth", 10: "date"}
"""The type of a year, a month or a day, by how many characters it has."""

_COMPRESSED: Final = "-gzip"
"""What the IRI of a compressed copy adds to that of its file."""

_UNSTATED: Final = "Publisher not stated"
_PROTOCOL: Final = "https://www.w3.org/TR/sparql11-protocol/"


@dataclass(frozen=True, slots=True)
class FileFact:
    """Size in bytes and SHA-256 (hex) of a published file."""

    size: int
    sha256: str


def render_catalog(
    dataset: Dataset,
    counts: Counts,
    *,
    files: Mapping[str, FileFact] | None = None,
    endpoint: str | None = None,
) -> bytes:
    """The catalogue as Turtle: DCAT-AP 3.0.1, no blank node, the same bytes for the same input.

    ``files`` gives size and hash of the files in `DATASET_FILES`, by path, where they are known, and of those of their
    compressed copies that there are; ``endpoint`` is
    the address of a SPARQL service, which a publication of static files does not have. What is not stated is left out:
    dates are those of ``dataset.yaml``, the period is that of the events and roles in the data.
    """
    graph = DescriptionGraph(dataset)
    add_catalog(graph, counts, files=files, endpoint=endpoint)
    return graph.turtle()


def add_catalog(
    graph: DescriptionGraph,
    counts: Counts,
    *,
    files: Mapping[str, FileFact] | None = None,
    endpoint: str | None = None,
) -> None:
    """Add the triples of `render_catalog` to a graph."""
    _add_catalogue(graph, endpoint)
    _add_dataset(graph, counts, files or {})
    for file in DATASET_FILES:
        _add_distribution(graph, file, (files or {}).get(file.path))
    for file, fact in _copies(files or {}):
        _add_distribution(graph, file, fact, compressed=True)
    if endpoint:
        _add_service(graph, endpoint)
    _add_build(graph)
    _add_foreign(graph, endpoint, files or {})


def _copies(files: Mapping[str, FileFact]) -> list[tuple[DatasetFile, FileFact]]:
    """The files of the whole dataset that have a compressed copy, each with what is known of the copy."""
    return [(file, files[file.path + SUFFIX]) for file in DATASET_FILES if file.path + SUFFIX in files]


def _add_catalogue(graph: DescriptionGraph, endpoint: str | None) -> None:
    about, publisher = graph.about, graph.about.publisher
    eu_theme = any(theme.iri in DATA_THEMES for theme in about.themes)
    graph.add(
        graph.part("catalogue"),
        ("rdf:type", "dcat:Catalog"),
        ("dcterms:title", graph.words(about.title)),
        ("dcterms:description", graph.words(about.description)),
        *_common(graph),
        ("dcat:themeTaxonomy", EU_AUTHORITY + "data-theme" if eu_theme else None),
        ("foaf:homepage", graph.site),
        ("dcat:dataset", graph.part()),
        ("dcat:service", graph.part("sparql") if endpoint else None),
    )
    graph.add(
        graph.publisher,
        ("rdf:type", "foaf:Agent"),
        ("foaf:name", graph.words(publisher.name if publisher else _UNSTATED)),
        ("foaf:homepage", publisher.homepage if publisher else None),
    )


def _common(graph: DescriptionGraph) -> list[tuple[str, str | Literal | None]]:
    """The properties that the catalogue and the dataset share."""
    about = graph.about
    return [
        ("dcterms:publisher", graph.publisher),
        ("dcterms:license", about.license),
        ("dcterms:issued", literal(about.issued, kind="date") if about.issued else None),
        ("dcterms:modified", literal(about.modified, kind="date") if about.modified else None),
        ("dcterms:language", _language(about)),
        *(("dcterms:spatial", place) for place in about.spatial),
    ]


def _language(about: Dataset) -> str | None:
    code = LANGUAGES.get(about.language.partition("-")[0])
    return f"{EU_AUTHORITY}language/{code}" if code else None


def _subjects(graph: DescriptionGraph) -> list[tuple[str, str | Literal | None]]:
    """Themes that have a label (DCAT-AP requires one), keywords, contact."""
    about = graph.about
    return [
        *(("dcat:theme", theme.iri) for theme in about.themes if theme.label or theme.iri in DATA_THEMES),
        *(("dcat:keyword", graph.words(word)) for word in about.keywords),
        ("dcat:contactPoint", graph.part("contact") if about.contact else None),
    ]


def _add_dataset(graph: DescriptionGraph, counts: Counts, files: Mapping[str, FileFact]) -> None:
    about = graph.about
    graph.add(
        graph.part(),
        ("rdf:type", "dcat:Dataset"),
        ("dcterms:title", graph.words(about.title)),
        ("dcterms:description", graph.words(about.description)),
        ("dcterms:identifier", literal(graph.part())),
        *_common(graph),
        ("dcterms:accessRights", EU_AUTHORITY + "access-right/PUBLIC"),
        ("dcterms:temporal", graph.part("period") if counts.first_day else None),
        *_subjects(graph),
        ("dcat:version", literal(about.version) if about.version else None),
        ("dcat:landingPage", graph.site),
        ("prov:wasGeneratedBy", graph.part("build")),
        *(("dcat:distribution", graph.part(d.name)) for d in DATASET_FILES),
        *(("dcat:distribution", graph.part(d.name + _COMPRESSED)) for d, _ in _copies(files)),
    )
    if counts.first_day and counts.last_day:
        graph.add(
            graph.part("period"),
            ("rdf:type", "dcterms:PeriodOfTime"),
            ("dcat:startDate", literal(counts.first_day, kind=_PERIODS[len(counts.first_day)])),
            ("dcat:endDate", literal(counts.last_day, kind=_PERIODS[len(counts.last_day)])),
        )
    if about.contact:
        graph.add(
            graph.part("contact"),
            ("rdf:type", "vcard:Kind"),
            ("vcard:fn", literal(about.contact.name) if about.contact.name else None),
            ("vcard:hasEmail", f"mailto:{about.contact.email}" if about.contact.email else None),
            ("vcard:hasURL", about.contact.url),
        )


def _add_distribution(
    graph: DescriptionGraph, file: DatasetFile, fact: FileFact | None, *, compressed: bool = False
) -> None:
    name = file.name + _COMPRESSED if compressed else file.name
    checksum = graph.part(name + "-checksum")
    graph.add(
        graph.part(name),
        ("rdf:type", "dcat:Distribution"),
        ("dcterms:title", literal(file.title + ", gzip" if compressed else file.title, language="en")),
        ("dcterms:description", literal(file.description, language="en")),
        ("dcterms:license", graph.about.license),
        ("dcterms:format", _file_type(file)),
        ("dcat:mediaType", MEDIA_TYPES + file.format.media_type),
        ("dcat:accessURL", graph.site),
        ("dcat:compressFormat", MEDIA_TYPES + MEDIA_TYPE if compressed else None),
        ("dcat:downloadURL", graph.site + file.path + (SUFFIX if compressed else "")),
        ("dcatap:availability", EU_AUTHORITY + "planned-availability/STABLE"),
        ("dcat:byteSize", literal(fact.size, kind="nonNegativeInteger") if fact else None),
        ("spdx:checksum", checksum if fact else None),
    )
    if fact:
        graph.add(
            checksum,
            ("rdf:type", "spdx:Checksum"),
            ("spdx:algorithm", "spdx:checksumAlgorithm_sha256"),
            ("spdx:checksumValue", literal(fact.sha256, kind="hexBinary")),
        )


def _file_type(file: DatasetFile) -> str | None:
    return f"{EU_AUTHORITY}file-type/{file.format.whole.file_type}" if file.format.whole else None


def _add_service(graph: DescriptionGraph, endpoint: str) -> None:
    graph.add(
        graph.part("sparql"),
        ("rdf:type", "dcat:DataService"),
        ("dcterms:title", literal("SPARQL endpoint", language="en")),
        ("dcterms:publisher", graph.publisher),
        ("dcterms:conformsTo", _PROTOCOL),
        *_subjects(graph),
        ("dcat:endpointURL", endpoint),
        ("dcat:endpointDescription", endpoint),
        ("dcat:servesDataset", graph.part()),
    )


def _add_build(graph: DescriptionGraph) -> None:
    """The activity and software that made the files (PROV-O); no time, so that the same input gives the same bytes."""
    label = literal(f"communique {version('communique')}")
    graph.add(
        graph.part("build"),
        ("rdf:type", "prov:Activity"),
        ("prov:used", ONTOLOGY),
        ("prov:wasAssociatedWith", graph.part("software")),
    )
    graph.add(graph.part("software"), ("rdf:type", "prov:SoftwareAgent"), ("rdfs:label", label))


def _add_foreign(graph: DescriptionGraph, endpoint: str | None, files: Mapping[str, FileFact]) -> None:
    """The classes of nodes defined elsewhere, which the range shapes of DCAT-AP require."""
    about = graph.about
    publisher_page = about.publisher.homepage if about.publisher else None
    types: dict[str | None, str] = {
        _language(about): "dcterms:LinguisticSystem",
        about.license: "dcterms:LicenseDocument",
        EU_AUTHORITY + "access-right/PUBLIC": "dcterms:RightsStatement",
        _PROTOCOL if endpoint else None: "dcterms:Standard",
        graph.site: "foaf:Document",
        publisher_page: "foaf:Document",
        **dict.fromkeys(about.spatial, "dcterms:Location"),
        **{_file_type(d): "dcterms:MediaTypeOrExtent" for d in DATASET_FILES},
        **{MEDIA_TYPES + d.format.media_type: "dcterms:MediaType" for d in DATASET_FILES},
        MEDIA_TYPES + MEDIA_TYPE if _copies(files) else None: "dcterms:MediaType",
    }
    for node, kind in types.items():
        if node is not None:
            graph.add(node, ("rdf:type", kind))
    _add_concepts(graph)


def _add_concepts(graph: DescriptionGraph) -> None:
    stable = literal("stable", language="en")
    node = EU_AUTHORITY + "planned-availability/STABLE"
    graph.add(node, ("rdf:type", "skos:Concept"), ("skos:prefLabel", stable))
    for theme in graph.about.themes:
        label = graph.words(theme.label) if theme.label else None
        if theme.iri in DATA_THEMES:
            label = label or literal(DATA_THEMES[theme.iri], language="en")
            scheme = EU_AUTHORITY + "data-theme"
            graph.add(
                scheme, ("rdf:type", "skos:ConceptScheme"), ("dcterms:title", literal("Data theme", language="en"))
            )
        if label is not None:
            graph.add(theme.iri, ("rdf:type", "skos:Concept"), ("skos:prefLabel", label))
