"""The catalogue of a publication: DCAT-AP 3.0.1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from communique.formats import DATASET_FILES, DatasetFile
from communique.iris import part_iri
from communique.publish.counts import Counts
from communique.publish.describe.sheet import Sheet, literal
from communique.read.dataset import DATA_THEMES, Dataset
from communique.terms import EU_AUTHORITY, MEDIA_TYPES, ONTOLOGY

if TYPE_CHECKING:
    from pyoxigraph import Literal

LANGUAGES: Final = {
    "ar": "ARA", "de": "DEU", "en": "ENG", "es": "SPA", "fr": "FRA", "it": "ITA", "kk": "KAZ", "ky": "KIR",
    "pl": "POL", "pt": "POR", "ru": "RUS", "tg": "TGK", "tk": "TUK", "uk": "UKR", "uz": "UZB", "zh": "ZHO",
}  # fmt: skip
"""Language tags and their codes in the EU list; a language that is not here is left out of the catalogue."""

_PERIODS: Final = {4: "gYear", 7: "gYearMonth", 10: "date"}
"""The type of a year, a month or a day, by how many characters it has."""

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

    ``files`` gives size and hash of the files in `DATASET_FILES`, by path, as far as they are known; ``endpoint`` is
    the address of a SPARQL service, which a publication of files alone does not have. What nobody stated is left out:
    dates are those of ``dataset.yaml``, the period is that of the events and roles in the data.
    """
    sheet = Sheet(dataset)
    add_catalog(sheet, counts, files=files, endpoint=endpoint)
    return sheet.turtle()


def add_catalog(
    sheet: Sheet,
    counts: Counts,
    *,
    files: Mapping[str, FileFact] | None = None,
    endpoint: str | None = None,
) -> None:
    """Put on a sheet what `render_catalog` says."""
    _add_catalogue(sheet, endpoint)
    _add_dataset(sheet, counts)
    for file in DATASET_FILES:
        _add_distribution(sheet, file, (files or {}).get(file.path))
    if endpoint:
        _add_service(sheet, endpoint)
    _add_build(sheet)
    _add_foreign(sheet, endpoint)


def _add_catalogue(sheet: Sheet, endpoint: str | None) -> None:
    about, publisher = sheet.about, sheet.about.publisher
    eu_theme = any(theme.iri in DATA_THEMES for theme in about.themes)
    sheet.add(
        sheet.part("catalogue"),
        ("rdf:type", "dcat:Catalog"),
        ("dcterms:title", sheet.words(about.title)),
        ("dcterms:description", sheet.words(about.description)),
        *_common(about),
        ("dcat:themeTaxonomy", EU_AUTHORITY + "data-theme" if eu_theme else None),
        ("foaf:homepage", sheet.site),
        ("dcat:dataset", sheet.part()),
        ("dcat:service", sheet.part("sparql") if endpoint else None),
    )
    sheet.add(
        sheet.part("publisher"),
        ("rdf:type", "foaf:Agent"),
        ("foaf:name", sheet.words(publisher.name if publisher else _UNSTATED)),
        ("foaf:homepage", publisher.homepage if publisher else None),
    )


def _common(about: Dataset) -> list[tuple[str, str | Literal | None]]:
    """What the catalogue and the dataset both say."""
    return [
        ("dcterms:publisher", part_iri(about.base, "publisher")),
        ("dcterms:license", about.license),
        ("dcterms:issued", literal(about.issued, kind="date") if about.issued else None),
        ("dcterms:modified", literal(about.modified, kind="date") if about.modified else None),
        ("dcterms:language", _language(about)),
        *(("dcterms:spatial", place) for place in about.spatial),
    ]


def _language(about: Dataset) -> str | None:
    code = LANGUAGES.get(about.language.partition("-")[0])
    return f"{EU_AUTHORITY}language/{code}" if code else None


def _subjects(sheet: Sheet) -> list[tuple[str, str | Literal | None]]:
    """Themes that have a label (DCAT-AP wants one), keywords, contact."""
    about = sheet.about
    return [
        *(("dcat:theme", theme.iri) for theme in about.themes if theme.label or theme.iri in DATA_THEMES),
        *(("dcat:keyword", sheet.words(word)) for word in about.keywords),
        ("dcat:contactPoint", sheet.part("contact") if about.contact else None),
    ]


def _add_dataset(sheet: Sheet, counts: Counts) -> None:
    about = sheet.about
    sheet.add(
        sheet.part(),
        ("rdf:type", "dcat:Dataset"),
        ("dcterms:title", sheet.words(about.title)),
        ("dcterms:description", sheet.words(about.description)),
        ("dcterms:identifier", literal(sheet.part())),
        *_common(about),
        ("dcterms:accessRights", EU_AUTHORITY + "access-right/PUBLIC"),
        ("dcterms:temporal", sheet.part("period") if counts.first_day else None),
        *_subjects(sheet),
        ("dcat:version", literal(about.version) if about.version else None),
        ("dcat:landingPage", sheet.site),
        ("prov:wasGeneratedBy", sheet.part("build")),
        *(("dcat:distribution", sheet.part(d.name)) for d in DATASET_FILES),
    )
    if counts.first_day and counts.last_day:
        sheet.add(
            sheet.part("period"),
            ("rdf:type", "dcterms:PeriodOfTime"),
            ("dcat:startDate", literal(counts.first_day, kind=_PERIODS[len(counts.first_day)])),
            ("dcat:endDate", literal(counts.last_day, kind=_PERIODS[len(counts.last_day)])),
        )
    if about.contact:
        sheet.add(
            sheet.part("contact"),
            ("rdf:type", "vcard:Kind"),
            ("vcard:fn", literal(about.contact.name) if about.contact.name else None),
            ("vcard:hasEmail", f"mailto:{about.contact.email}" if about.contact.email else None),
            ("vcard:hasURL", about.contact.url),
        )


def _add_distribution(sheet: Sheet, file: DatasetFile, fact: FileFact | None) -> None:
    checksum = sheet.part(file.name + "-checksum")
    sheet.add(
        sheet.part(file.name),
        ("rdf:type", "dcat:Distribution"),
        ("dcterms:title", literal(file.title, language="en")),
        ("dcterms:description", literal(file.description, language="en")),
        ("dcterms:license", sheet.about.license),
        ("dcterms:format", _file_type(file)),
        ("dcat:mediaType", MEDIA_TYPES + file.format.media_type),
        ("dcat:accessURL", sheet.site),
        ("dcat:downloadURL", sheet.site + file.path),
        ("dcatap:availability", EU_AUTHORITY + "planned-availability/STABLE"),
        ("dcat:byteSize", literal(fact.size, kind="nonNegativeInteger") if fact else None),
        ("spdx:checksum", checksum if fact else None),
    )
    if fact:
        sheet.add(
            checksum,
            ("rdf:type", "spdx:Checksum"),
            ("spdx:algorithm", "spdx:checksumAlgorithm_sha256"),
            ("spdx:checksumValue", literal(fact.sha256, kind="hexBinary")),
        )


def _file_type(file: DatasetFile) -> str | None:
    return f"{EU_AUTHORITY}file-type/{file.format.whole.file_type}" if file.format.whole else None


def _add_service(sheet: Sheet, endpoint: str) -> None:
    sheet.add(
        sheet.part("sparql"),
        ("rdf:type", "dcat:DataService"),
        ("dcterms:title", literal("SPARQL endpoint", language="en")),
        ("dcterms:publisher", sheet.part("publisher")),
        ("dcterms:conformsTo", _PROTOCOL),
        *_subjects(sheet),
        ("dcat:endpointURL", endpoint),
        ("dcat:endpointDescription", endpoint),
        ("dcat:servesDataset", sheet.part()),
    )


def _add_build(sheet: Sheet) -> None:
    """What made the files (PROV-O); when, nobody says, so that the same input gives the same bytes."""
    label = literal(f"communique {version('communique')}")
    sheet.add(
        sheet.part("build"),
        ("rdf:type", "prov:Activity"),
        ("prov:used", ONTOLOGY),
        ("prov:wasAssociatedWith", sheet.part("software")),
    )
    sheet.add(sheet.part("software"), ("rdf:type", "prov:SoftwareAgent"), ("rdfs:label", label))


def _add_foreign(sheet: Sheet, endpoint: str | None) -> None:
    """The classes of nodes that others define, as the range shapes of DCAT-AP ask for them."""
    about = sheet.about
    publisher_page = about.publisher.homepage if about.publisher else None
    types: dict[str | None, str] = {
        _language(about): "dcterms:LinguisticSystem",
        about.license: "dcterms:LicenseDocument",
        EU_AUTHORITY + "access-right/PUBLIC": "dcterms:RightsStatement",
        _PROTOCOL if endpoint else None: "dcterms:Standard",
        sheet.site: "foaf:Document",
        publisher_page: "foaf:Document",
        **dict.fromkeys(about.spatial, "dcterms:Location"),
        **{_file_type(d): "dcterms:MediaTypeOrExtent" for d in DATASET_FILES},
        **{MEDIA_TYPES + d.format.media_type: "dcterms:MediaType" for d in DATASET_FILES},
    }
    for node, kind in types.items():
        if node is not None:
            sheet.add(node, ("rdf:type", kind))
    _add_concepts(sheet)


def _add_concepts(sheet: Sheet) -> None:
    stable = literal("stable", language="en")
    node = EU_AUTHORITY + "planned-availability/STABLE"
    sheet.add(node, ("rdf:type", "skos:Concept"), ("skos:prefLabel", stable))
    for theme in sheet.about.themes:
        label = sheet.words(theme.label) if theme.label else None
        if theme.iri in DATA_THEMES:
            label = label or literal(DATA_THEMES[theme.iri], language="en")
            scheme = EU_AUTHORITY + "data-theme"
            sheet.add(
                scheme, ("rdf:type", "skos:ConceptScheme"), ("dcterms:title", literal("Data theme", language="en"))
            )
        if label is not None:
            sheet.add(theme.iri, ("rdf:type", "skos:Concept"), ("skos:prefLabel", label))
