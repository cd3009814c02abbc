"""Nobody's telephone number or name is an example: the press contact stands in the release and in tests of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = next((ROOT / "data/releases").glob("*/source.txt")).read_text(encoding="utf-8")
CONTACT = "Anissa Kuanova"
FILES = sorted(
    path
    for folder in ("ontology", "shapes", "docs", "src", "queries", "web")
    for path in (ROOT / folder).rglob("*")
    if path.is_file()
    and path.suffix in {".py", ".md", ".ttl", ".rq", ".html", ".json", ".jsonld", ".toml", ".js", ".svg"}
    and not {"node_modules", "vendor", "__pycache__"} & set(path.parts)
) + [ROOT / name for name in ("README.md", "CHANGELOG.md", "pyproject.toml")]
SPEAKERS = ("Sultanov", "Zhakupov", "Moldobaeva", "Abishev", "Baysakova", "Abysheva", "Kerimova")


def digits(text: str) -> str:
    return re.sub(r"\D+", "", text)


def test_there_is_something_to_look_at() -> None:
    assert len(FILES) > 200 and {path.suffix for path in FILES} >= {".py", ".md", ".ttl", ".rq"}


def test_the_contact_and_the_number_are_those_of_the_release() -> None:
    assert CONTACT in SOURCE
    assert "7172790345" in digits(SOURCE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_contact_of_a_release_is_no_example(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for word in (*CONTACT.split(), CONTACT.lower().replace(" ", "-")):
        assert not re.search(rf"\b{word}\b", text, re.IGNORECASE), word
    joined = re.sub(r"(?<=\d)[\s().–-]+(?=\d)", "", text)
    assert not re.search(r"7172\)?79|7903(?:45|46|47)", joined)


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.suffix in {".ttl", ".py"} and "queries" not in p.parts], ids=lambda path: path.name
)
def test_no_speaker_of_a_release_is_an_example_of_the_vocabulary_the_rules_or_the_code(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [name for name in SPEAKERS if re.search(name, text, re.IGNORECASE)] == []
