"""One cause gives one finding: single faults in a rich record, and every case of the tests, held against all checks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from communique.api import open_newsroom
from communique.findings import Finding
from tests.test_cases import CASES, PLACES

SOURCE = """\
New bridge opened in Sampletown

Sampletown, 3 March 2031 – Ada Examplova, director of the Sample Works, opened the Bridge of Samples on 3 March 2031.
“The bridge is safe,” said Ada Examplova. The Bridge Report of the Sample Works was presented by Max Placeholder.
The opening was organised by the Sample Works and supported by the Sample Society in Sampletown.
Ada Examplova noted that the bridge will serve all people of Sampletown.
For questions please contact Max Placeholder, tel.: +44 20 7946 0000, press@sample.example
"""
RECORD = """\
"@context": context.jsonld
graph:
  - id: release/sample
    type: [NewsArticle, PressRelease]
    headline: New bridge opened in Sampletown
    dateline: Sampletown, 3 March 2031
    about: event/opening
    evidence:
      "*": New bridge opened in Sampletown
      dateline: "Sampletown, 3 March 2031"
      about: The opening was organised by the Sample Works
  - id: event/opening
    type: Event
    name: The opening
    startDate: 2031-03-03
    location: place/sampletown
    organizer: org/works
    supporter: org/society
    attendee: [person/ada-examplova]
    evidence:
      "*": The opening was organised by the Sample Works
      startDate: opened the Bridge of Samples on 3 March 2031
      location: supported by the Sample Society in Sampletown
      organizer: organised by the Sample Works
      supporter: supported by the Sample Society
      attendee: Ada Examplova, director of the Sample Works, opened the Bridge of Samples
  - id: person/ada-examplova
    type: Person
    name: Ada Examplova
    role: {title: director, of: org/works, evidence: "Ada Examplova, director of the Sample Works"}
    evidence: Ada Examplova, director
  - id: org/works
    type: Organization
    name: Sample Works
    evidence: director of the Sample Works
  - id: org/society
    type: Organization
    name: Sample Society
    evidence: Sample Society
  - id: place/sampletown
    type: Place
    name: Sampletown
    evidence: people of Sampletown
  - id: work/report
    type: Report
    name: Bridge Report
    creator: org/works
    evidence: {"*": Bridge Report, creator: The Bridge Report of the Sample Works}
  - id: this:statement-1
    type: ReportedStatement
    creator: person/ada-examplova
    text: the bridge will serve all people of Sampletown
    evidence: Ada Examplova noted that the bridge will serve all people of Sampletown
  - id: this:contact
    type: ContactPoint
    name: Max Placeholder
    telephone: "+44 20 7946 0000"
    email: press@sample.example
    evidence: "contact Max Placeholder, tel.: +44 20 7946 0000, press@sample.example"
"""
FAULTS = [
    ("unknown type", "type: Event\n", "type: Evnt\n"),
    ("unknown person type", "type: Person\n", "type: Persn\n"),
    ("unknown org type", "type: Organization\n    name: Sample Works", "type: Organisation\n    name: Sample Works"),
    ("unknown place type", "type: Place\n", "type: Plce\n"),
    ("unknown work type", "type: Report\n", "type: Reprt\n"),
    ("unknown statement type", "type: ReportedStatement\n", "type: Statment\n"),
    ("unknown contact type", "type: ContactPoint\n", "type: Contact\n"),
    ("no type person", "    type: Person\n", ""),
    ("no type event", "    type: Event\n", ""),
    ("no type release", "    type: [NewsArticle, PressRelease]\n", ""),
    ("dangling org", "of: org/works", "of: org/wroks"),
    ("dangling organizer", "organizer: org/works", "organizer: org/wroks"),
    ("dangling location", "location: place/sampletown", "location: place/sampletwn"),
    ("dangling about", "about: event/opening\n", "about: event/openin\n"),
    ("dangling speaker", "creator: person/ada-examplova", "creator: person/ada"),
    ("dangling attendee", "attendee: [person/ada-examplova]", "attendee: [person/ada]"),
    ("dangling author", "creator: org/works\n    evidence: {", "creator: org/work\n    evidence: {"),
    ("renamed person id", "id: person/ada-examplova", "id: person/ada-exampleva"),
    ("renamed org id", "id: org/works", "id: org/work"),
    ("renamed event id", "id: event/opening", "id: event/openin"),
    ("bad id", "id: person/ada-examplova", "id: person/Ada Examplova"),
    ("bad org id", "id: org/works", "id: Org/works"),
    ("no id", "  - id: person/ada-examplova\n    type", "  - type"),
    ("no id event", "  - id: event/opening\n    type", "  - type"),
    ("wrong release id", "id: release/sample", "id: release/smple"),
    ("unknown key name", "    name: Ada Examplova\n", "    nmae: Ada Examplova\n"),
    ("unknown key startDate", "startDate: 2031-03-03", "startdate: 2031-03-03"),
    ("unknown key organizer", "    organizer: org/works", "    organiser: org/works"),
    ("unknown key location", "    location: place", "    place: place"),
    ("unknown key speaker", "    creator: person", "    speakr: person"),
    ("unknown key headline", "    headline: New", "    headlin: New"),
    ("unknown key role title", "{title: director,", "{titel: director,"),
    ("unknown key role of", "of: org/works, ev", "off: org/works, ev"),
    ("unknown key telephone", "    telephone:", "    phone:"),
    ("misspelt quote", "Ada Examplova, director\n", "Ada Exampleva, director\n"),
    ("ambiguous quote", "evidence: Ada Examplova, director\n", "evidence: Ada Examplova\n"),
    (
        "wrong quote of role",
        'evidence: "Ada Examplova, director of the Sample Works"',
        'evidence: "Ada Examplova, chair of the Sample Works"',
    ),
    (
        "wrong quote of event",
        '"*": The opening was organised by the Sample Works',
        '"*": The opening was organized by the Sample Works',
    ),
    ("wrong quote of release", '"*": New bridge opened in Sampletown', '"*": New bridges opened in Sampletown'),
    (
        "wrong quote org",
        "evidence: director of the Sample Works\n  - id: org/s",
        "evidence: directr of the Sample Works\n  - id: org/s",
    ),
    (
        "wrong quote date",
        "startDate: opened the Bridge of Samples on 3 March 2031",
        "startDate: opened the Bridge of Samples on 4 March 2031",
    ),
    ("wrong quote contact", 'evidence: "contact Max', 'evidence: "contct Max'),
    ("wrong quote statement", "evidence: Ada Examplova noted", "evidence: Ada Examplova noticed"),
    ("wrong name", "name: Ada Examplova\n", "name: Ada Exemplova\n"),
    ("wrong org name", "name: Sample Works\n", "name: Sample Work\n"),
    ("wrong event name", "name: The opening\n", "name: The openings\n"),
    ("wrong headline", "headline: New bridge opened in Sampletown\n", "headline: New bridges opened in Sampletown\n"),
    ("wrong date", "startDate: 2031-03-03", "startDate: 2031-03-04"),
    ("no such date", "startDate: 2031-03-03", "startDate: 2031-02-30"),
    ("date in words", "startDate: 2031-03-03", "startDate: 3 March 2031"),
    ("wrong tel", 'telephone: "+44 20 7946 0000"', 'telephone: "+44 20 7946 0001"'),
    ("wrong mail", "email: press@sample.example", "email: prss@sample.example"),
    ("bad mail", "email: press@sample.example", "email: press at sample.example"),
    (
        "mail in prose statement",
        "text: the bridge will serve all people of Sampletown\n",
        "text: the bridge will serve all the people\n",
    ),
    ("number name", "name: Sample Society\n", "name: 12\n"),
    ("empty name", "name: Sample Society\n", "name:\n"),
    ("list as name", "name: Sample Society\n", "name: {a: b}\n"),
    ("date as list", "startDate: 2031-03-03", "startDate: [[2031-03-03]]"),
    ("reference text", "location: place/sampletown", "location: Sampletown city"),
    ("reference number", "location: place/sampletown", "location: 5"),
    (
        "role text",
        'role: {title: director, of: org/works, evidence: "Ada Examplova, director of the Sample Works"}',
        "role: director",
    ),
    ("role no title", "{title: director, of", "{of"),
    ("duplicate id", "id: org/society", "id: org/works"),
    ("duplicate key", "    name: Sample Society\n", "    name: Sample Society\n    name: Sample Society\n"),
    (
        "evidence for missing",
        "evidence: people of Sampletown",
        'evidence: {"*": people of Sampletown, address: people of Sampletown}',
    ),
    (
        "inferred no why",
        "startDate: opened the Bridge of Samples on 3 March 2031",
        "startDate: {inferred: opened the Bridge of Samples on 3 March 2031}",
    ),
    ("evidence number", "evidence: people of Sampletown", "evidence: 5"),
    ("context wrong", '"@context": context.jsonld', '"@context": https://schema.org/'),
    ("no context", '"@context": context.jsonld\n', ""),
    ("bad lang", '"@context": context.jsonld', '"@context": [context.jsonld, {"@language": en_GB}]'),
    ("bad base", '"@context": context.jsonld', '"@context": [context.jsonld, {"@base": "https://other.example/"}]'),
    ("graph mapping", "graph:\n", "grph:\n"),
    ("tab", "    name: Sample Society\n", "\tname: Sample Society\n"),
    ("missing event name", "    name: The opening\n", ""),
    ("missing person name", "    name: Ada Examplova\n", ""),
    ("missing org name", "    name: Sample Society\n", ""),
    ("missing headline", "    headline: New bridge opened in Sampletown\n", ""),
    ("person as organizer of place", "location: place/sampletown", "location: person/ada-examplova"),
    ("https schema", "about: event/opening\n", 'about: [event/opening, "https://schema.org/Event"]\n'),
    ("unknown key beside", "graph:\n", "rviewed: x\ngraph:\n"),
]
"""What is wrong, the words of the record that are changed, and what they become."""


def check(folder: Path, record: str) -> list[Finding]:
    """The violations of a record of `SOURCE`."""
    release = folder / "data" / "releases" / "sample"
    release.mkdir(parents=True, exist_ok=True)
    (release / "source.txt").write_text(SOURCE, encoding="utf-8")
    (release / "record.yaml").write_text(record, encoding="utf-8")
    return violations(open_newsroom(folder / "data")["sample"].check())


def violations(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "violation"]


def test_the_record_without_a_fault_has_no_finding(tmp_path: Path) -> None:
    assert check(tmp_path, RECORD) == []
    assert len(FAULTS) > 70


@pytest.mark.parametrize(("fault", "written", "wrong"), FAULTS, ids=[fault for fault, *_ in FAULTS])
def test_one_fault_gives_one_finding(fault: str, written: str, wrong: str, tmp_path: Path) -> None:
    assert RECORD.count(written) >= 1
    found = check(tmp_path, RECORD.replace(written, wrong, 1))
    assert len(found) == 1, "\n".join(f"{f.line} {f.code} {f.message}" for f in found)


def test_one_missing_node_is_one_finding_that_names_all_its_places(tmp_path: Path) -> None:
    (found,) = check(tmp_path, RECORD.replace("  - id: org/works\n", "  - id: org/work\n"))
    lines = [k for k, line in enumerate(RECORD.split("\n"), 1) if "org/works" in line and "  - id" not in line]
    assert found.code == "dangling-reference" and found.fix == "did you mean org/work?"
    assert found.line in lines and len(lines) > 2
    others = {int(n) for n in found.why[0].removeprefix("also in line ").split(", ")}
    assert {found.line, *others} >= set(lines)


def test_two_causes_give_two_findings(tmp_path: Path) -> None:
    record = RECORD.replace("of: org/works", "of: org/wroks").replace("location: place/sampletown", "location: place/x")
    assert [f.code for f in check(tmp_path, record)] == ["dangling-reference"] * 2
    record = RECORD.replace("  - id: person/ada-examplova\n    type", "  - type").replace(
        "place/sampletown\n    org", "place/x\n    org"
    )
    assert sorted(f.code for f in check(tmp_path, record)) == ["dangling-reference", "dangling-reference", "no-id"]
    record = RECORD.replace("type: Person", "type: Persn").replace("    name: Sample Society\n", "")
    assert [f.code for f in check(tmp_path, record)] == ["unknown-type", "shape:organization-name"]


OF_SHAPES = {"grounding-shorthand-stated"}
"""Cases with a fault of their own that only a shape sees: a telephone number without the code of its country."""
FAULTY = [case for case in CASES if not case.name.startswith("valid-") and case.name not in OF_SHAPES]


@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case.name)
def test_shapes_add_nothing_to_what_the_compiler_says_of_a_case(case: Path, tmp_path: Path) -> None:
    release = tmp_path / "data" / "releases" / "sample"
    release.mkdir(parents=True)
    for file in case.iterdir():
        folder = tmp_path / "data" / PLACES[file.name] if file.name in PLACES else release
        folder.mkdir(exist_ok=True)
        if file.suffix != ".nq" and file.name != "findings.json":
            shutil.copy(file, folder)
    newsroom = open_newsroom(tmp_path / "data")
    checker = newsroom.checker()
    found = [f for checked in checker.check_all(newsroom.folder) for f in checked.findings]
    found += [*newsroom.folder.findings, *checker.check_registry(None)]
    rows = json.loads((case / "findings.json").read_text(encoding="utf-8"))
    written = sum(row["severity"] == "violation" for row in rows)
    assert len(violations(found)) <= written, [f"{f.line} {f.code} {f.message}" for f in violations(found)]
    assert bool(violations(found)) == bool(written)
