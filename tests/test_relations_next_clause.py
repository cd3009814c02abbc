"""What somebody welcomed stands in the clause of the verb: the next clause speaks of other things."""

from __future__ import annotations

import pytest

from tests.test_relations import compiled, refused

NODES = {"work/report": "Water Report", "work/guide": "Salt Guide", "org/works": "Sample Works", "place/aton": "Aton"}


def about(language: str, verb: str, text: str, value: str) -> list[tuple[str, str]]:
    welcomed = {"id": "this:s", "type": "ReportedStatement", "creator": "person/jo", "reportingVerb": verb}
    works = [
        {"id": iri, "type": "Report", "name": NODES[iri]} for iri in ("work/report", "work/guide") if NODES[iri] in text
    ]
    return refused(compiled(text, welcomed | {"about": value, "evidence": text}, *works, language=language))


@pytest.mark.parametrize(
    ("language", "verb", "text", "true", "false"),
    [
        (
            "en",
            "welcomed",
            "Jo Sample welcomed the Water Report, which Sample Works wrote.",
            "work/report",
            "org/works",
        ),
        (
            "en",
            "welcomed",
            "Jo Sample welcomed the Water Report, and Ada Mock left the Salt Guide.",
            "work/report",
            "work/guide",
        ),
        (
            "en",
            "welcomed",
            "The Water Report was welcomed by Jo Sample, who lives in Aton.",
            "work/report",
            "place/aton",
        ),
        ("en", "welcomed", "Jo Sample welcomed the Water Report, and the Salt Guide.", "work/guide", "place/aton"),
        (
            "en",
            "welcomed",
            "Jo Sample welcomed Ada Mock, Sample Works, and the Salt Guide.",
            "work/guide",
            "place/aton",
        ),
        (
            "de",
            "begrüßte",
            "Jo Sample begrüßte den Water Report, den Sample Works schrieb.",
            "work/report",
            "org/works",
        ),
        ("de", "begrüßte", "Jo Sample begrüßte den Water Report, den Salt Guide.", "work/guide", "place/aton"),
        (
            "fr",
            "salué",
            "Jo Sample a salué le Water Report, dont Sample Works est l’auteur.",
            "work/report",
            "org/works",
        ),
        (
            "ru",
            "поддержал",
            "Jo Sample поддержал Water Report, который Sample Works написал.",
            "work/report",
            "org/works",
        ),
    ],
)
def test_a_statement_without_words_is_about_what_the_clause_of_its_verb_names(
    language: str, verb: str, text: str, true: str, false: str
) -> None:
    assert about(language, verb, text, true) == []
    if NODES[false] in text:
        assert about(language, verb, text, false) == [("about", false)]
