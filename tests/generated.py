"""A generated newsroom: many short releases that share people, organisations and places, as real ones do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

BASE = "https://press.example/id/"
PEOPLE = ("Ada Mock", "Ben Sample", "Cid Fixture", "Dee Stubb", "Eve Probe")
ORGANISATIONS = ("Bureau of Spares", "Union of Weavers", "Harbour Trust")
MONTHS = ("January", "February", "March", "April")
TOWNS = ("Mockville", "Sampleton")


def write_generated(folder: Path, releases: int) -> Path:
    """Write a newsroom with this number of releases; its data folder.

    Each release names one person with a role in an organisation, a town and an event there, and reports what the person
    said of the organisation of the next release. Every third release has no dateline, but a known web page. Every
    second one infers that the organisation is a charity, as the registry says.
    """
    data = folder / "data"
    (data / "entities").mkdir(parents=True)
    dataset = {"title": "Generated", "publisher": "Press", "license": "https://e.example/l", "base": BASE}
    (data / "dataset.yaml").write_text(json.dumps(dataset), encoding="utf-8")
    known: list[dict[str, Any]] = [{"id": _id("org", name), "type": "NGO", "name": name} for name in ORGANISATIONS]
    known += [{"id": _id("place", TOWNS[0]), "type": "City", "name": TOWNS[0], "containedInPlace": "place/testania"}]
    known += [{"id": "place/testania", "type": "Country", "name": "Testania"}]
    known += [{"id": "org/wire", "type": "Organization", "name": "The Wire"}]
    (data / "entities" / "entities.yaml").write_text(json.dumps({"graph": known}), encoding="utf-8")
    for number in range(releases):
        _write(data / "releases" / f"{2001 + number // 4}-{1 + number % 4:02}-01-{number:03}", number)
    return data


def _id(kind: str, name: str) -> str:
    return f"{kind}/{name.lower().replace(' ', '-')}"


def _write(folder: Path, number: int) -> None:
    person, town = PEOPLE[number % len(PEOPLE)], TOWNS[number % 2]
    own, other = (ORGANISATIONS[n % len(ORGANISATIONS)] for n in (number, number + 1))
    day = f"{folder.name[:4]}-{folder.name[5:7]}-01"
    dated = number % 3 != 2
    dateline = f"{town}, 1 {MONTHS[number % 4]} {folder.name[:4]}" if dated else town
    lines = [f"Fair number {number} opened", f"{dateline}: {own} opened fair number {number} for the public."]
    lines += [f"{person}, head of {own}, said that {other} could be proud of the fair."]
    charity = {"inferred": f"{own} opened fair", "why": "a fair for the public"}
    folder.mkdir(parents=True)
    nodes: list[dict[str, Any]] = [
        {
            "id": f"release/{folder.name}", "type": ["NewsArticle", "PressRelease"], "headline": lines[0],
            "about": f"event/fair-{number}", "evidence": lines[0], **({"dateline": dateline} if dated else {}),
        },
        {
            "id": f"event/fair-{number}", "type": "Event", "name": f"fair number {number}",
            "organizer": _id("org", own), "location": _id("place", town), "evidence": lines[1],
            **({"startDate": day} if dated else {}),
        },
        {
            "id": _id("person", person), "type": "Person", "name": person, "evidence": lines[2],
            "role": {"title": "head", "of": _id("org", own), "evidence": f"{person}, head of {own}"},
        },
        {
            "id": _id("org", own), "type": "NGO" if number % 2 else "Organization", "name": own,
            "evidence": {"*": f"{own} opened fair", **({"type": charity} if number % 2 else {})},
        },
        {"id": _id("org", other), "type": "Organization", "name": other, "evidence": f"{other} could be proud"},
        {"id": _id("place", town), "type": "City", "name": town, "evidence": f"{dateline}:"},
        {
            "id": "this:said", "type": "ReportedStatement", "creator": _id("person", person), "reportingVerb": "said",
            "text": f"{other} could be proud of the fair", "about": _id("org", other), "evidence": lines[2],
        },
    ]  # fmt: skip
    if dated:
        nodes[0]["evidence"] = {"*": lines[0], "dateline": dateline + ":"}
    else:
        page = {"url": f"https://e.example/{number}", "publisher": "org/wire", "datePublished": day}
        facts = {key: {"value": value, "origin": f"meta {key}"} for key, value in page.items()}
        (folder / "page.json").write_text(json.dumps(facts), encoding="utf-8")
    (folder / "source.txt").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    record = {"@context": ["context.jsonld", {"@base": BASE, "@language": "en"}], "graph": nodes}
    (folder / "record.yaml").write_text(json.dumps(record), encoding="utf-8")
