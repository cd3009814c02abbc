"""The registry says of authorities what `data/authorities.yaml` shows to have been read, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml_rs

from communique.authorities import LINKS, canonical, code_of

DATA = Path(__file__).resolve().parents[1] / "data"
READ: Any = yaml_rs.loads((DATA / "authorities.yaml").read_text(encoding="utf-8"))
SEEN: dict[str, dict[str, Any]] = {e["entity"]: e for e in READ["entities"]}
WRITTEN: Any = yaml_rs.loads((DATA / "entities/entities.yaml").read_text(encoding="utf-8"))
ENTITIES: dict[str, dict[str, Any]] = {e["id"]: e for e in WRITTEN["graph"]}
KEYS = tuple(iri.rpartition("/")[2].rpartition("#")[2] for iri in LINKS)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def published(entity: dict[str, Any]) -> set[tuple[str, str]]:
    return {(key, link) for key in KEYS for link in listed(entity.get(key))}


def publishable(entity: dict[str, Any]) -> set[tuple[str, str]]:
    links = [x for x in entity["links"] if x["confidence"] in ("high", "medium") and x.get("published") is not False]
    return {(link["property"], link["iri"]) for link in links if link["property"] in KEYS}


def codes(entity: dict[str, Any]) -> set[str]:
    """The codes that were read for an entity, those of concepts in thesauri that stand for it among them."""
    concepts = [x for x in entity["links"] if x["property"] == "identifier" and x["confidence"] in ("high", "medium")]
    return {f"{k}:{v}" for k, v in entity.get("codes", {}).items()} | {str(code_of(x["iri"])) for x in concepts}


def test_the_registry_links_to_authorities_with_the_property_that_was_noted() -> None:
    linked = {iri: published(entity) for iri, entity in ENTITIES.items() if published(entity)}
    assert linked == {iri: publishable(e) for iri, e in SEEN.items() if iri in ENTITIES and publishable(e)}
    assert len(linked) >= 15


def test_places_and_organisations_are_no_concepts_and_topics_are_nothing_else() -> None:
    for iri, entity in ENTITIES.items():
        keys = {key for key, _ in published(entity)}
        assert keys <= ({"exactMatch", "closeMatch"} if iri.startswith("topic/") else {"sameAs"}), iri


def test_high_confidence_rests_on_two_sources_or_on_a_copy_of_the_authority() -> None:
    assert set(READ["copies"]) <= set(READ["sources"])
    for iri, entity in SEEN.items():
        for link in entity["links"]:
            sources = set(link.get("source", ()))
            assert sources <= set(READ["sources"]), iri
            if link["confidence"] == "high":
                assert len(sources) >= 2 or sources & set(READ["copies"]), (iri, link["iri"])
            elif link["confidence"] == "medium":
                assert len(sources) == 1, (iri, link["iri"])


def test_what_is_known_and_not_published_has_a_note() -> None:
    kept = [x for e in SEEN.values() for x in e["links"] if x.get("published") is False or x["confidence"] == "low"]
    assert kept and all(link["note"] for link in kept)


def test_every_link_has_the_one_form_of_its_authority() -> None:
    links = [link for entity in ENTITIES.values() for _, link in published(entity)]
    assert [(link, canonical(link)) for link in links if canonical(link)] == []


@pytest.mark.parametrize(("key", "noted"), [("alternateName", "names"), ("containedInPlace", "containedInPlace")])
def test_what_the_registry_settles_has_a_source_and_the_words_seen(key: str, noted: str) -> None:
    said = {iri: set(listed(e[key])) for iri, e in ENTITIES.items() if key in e}
    shown = {iri: listed(e[noted]) for iri, e in SEEN.items() if noted in e}
    assert said == {iri: {x.get("name") or x["entity"] for x in own} for iri, own in shown.items()}
    for own in shown.values():
        assert all(x["seen"] and set(x["source"]) <= set(READ["sources"]) and x["source"] for x in own)


def test_a_code_names_its_scheme() -> None:
    said = {iri: set(listed(e["identifier"])) for iri, e in ENTITIES.items() if "identifier" in e}
    assert said == {iri: codes(e) for iri, e in SEEN.items() if codes(e)}
    assert said["place/kazakhstan"] == {
        "iso3166-1-alpha2:KZ", "iso3166-1-alpha3:KAZ", "iso3166-1-numeric:398", "eurovoc:5693", "unbis:1003516",
    }  # fmt: skip


def test_no_code_is_published_that_is_younger_than_the_release() -> None:
    assert "identifier" not in ENTITIES["place/almaty"] and "identifier" not in ENTITIES["place/shymkent"]


def test_names_in_other_languages_are_those_that_were_read() -> None:
    assert {i: e["labels"] for i, e in ENTITIES.items() if "labels" in e} == {
        i: e["labels"] for i, e in SEEN.items() if "labels" in e
    }
