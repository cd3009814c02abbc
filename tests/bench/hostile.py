"""Releases made to be slow to check: processor seconds and peak memory of `check` at n, 2n and 4n bytes.

    python tests/bench/hostile.py [KNOB …] [--size 900000] [--cap 40]

A knob is one way to make a release slow. Each release is checked in a process of its own, which is ended after
``--cap`` processor seconds. A line says OVER if four times the size takes over ten seconds or 500 MB, and GROWS if time
grows faster than size.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
SECONDS, MEGABYTES = 10.0, 500
HEAD: Final = "Dam opened in Alba"


@dataclass
class Case:
    """The contents of the folder of a release, or an archive instead."""

    source: str = HEAD + "\n"
    graph: list[Any] = field(default_factory=list)
    root: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    record: str | None = None
    page: str | None = None
    archive: tuple[str, bytes] | None = None
    refused: bool = False  # the command is expected to end with one sentence and no report


Knob = Callable[[int], Case]
KNOBS: Final[dict[str, Knob]] = {}


def knob(make: Knob) -> Knob:
    """Register a knob under the name of its function."""
    KNOBS[make.__name__] = make
    return make


def words(n: int, each: str = "w{:06x}") -> str:
    """About ``n`` bytes of different words."""
    return " ".join(each.format(k) for k in range(n // (len(each.format(0)) + 1)))


def person(k: int, **more: Any) -> dict[str, Any]:
    """A person named in the headline."""
    return {"id": f"person/p{k}", "type": "Person", "name": "Alba", "evidence": "Alba", **more}


# ---- quotes and the text


@knob
def missing_quotes_of_one_word(n: int) -> Case:
    """A text of one word; quotes of that word that end in another."""
    return Case("a " * (n // 2), [person(k, evidence="a " * 900 + f"b{k}") for k in range(n // 1900)])


@knob
def missing_quotes_of_two_words(n: int) -> Case:
    """Words that alternate in another pattern than in the quotes."""
    quotes = ["a b " * 200 + "b a " * 200 + f"x{k}" for k in range(n // 1700)]
    return Case("a b a " * (n // 6), [person(k, evidence=q) for k, q in enumerate(quotes)])


@knob
def missing_short_quotes(n: int) -> Case:
    """Very many quotes that do not occur in a long text."""
    return Case(words(n), [person(k, evidence=f"w{k:06x} z") for k in range(n // 80)])


@knob
def missing_quotes_in_paragraphs(n: int) -> Case:
    """Paragraphs of one word each."""
    source = "\n".join(f"a{k % 97}" for k in range(n // 4))
    return Case(source, [person(k, evidence=f"a{k % 97} and no more") for k in range(n // 100)])


@knob
def missing_quotes_between_blanks(n: int) -> Case:
    """White space everywhere, and quotes of the words between it."""
    return Case("a  " * (n // 3), [person(k, evidence="a a " * 100 + f"c{k}") for k in range(n // 480)])


@knob
def quotes_of_blanks(n: int) -> Case:
    """A quote that is nearly all white space."""
    return Case(graph=[person(1, evidence="a" + " " * n + "b")])


@knob
def quotes_of_ellipses(n: int) -> Case:
    """A quote of very many anchors."""
    return Case("a b " * (n // 4), [person(1, evidence="a … " * (n // 6) + "c")])


@knob
def anchors_that_overlap(n: int) -> Case:
    """Two anchors, each of which occurs everywhere in the text."""
    return Case("a" * n, [person(k, evidence="a" * (k + 1) + " … " + "a" * 900) for k in range(n // 1000)])


@knob
def ambiguous_letters(n: int) -> Case:
    """A text of one letter; every quote occurs nearly everywhere, overlapping itself."""
    return Case("a" * n, [person(k, evidence="a" * (k + 1)) for k in range(min(n // 200, 1000))])


@knob
def ambiguous_lines(n: int) -> Case:
    """One line again and again."""
    line = " ".join(f"w{k}" for k in range(40))
    quotes = [f"w{k}" for k in range(40)] + [f"w{k} w{k + 1}" for k in range(39)]
    return Case(f"{line}\n" * (n // len(line)), [person(k, evidence=q) for k, q in enumerate(quotes * 2)])


@knob
def quotes_that_occur(n: int) -> Case:
    """Very many correct quotes from a long text in one paragraph."""
    return Case(words(n), [person(k, name=f"w{k:06x}", evidence=f"w{k:06x}") for k in range(n // 90)])


@knob
def quotes_that_occur_in_lines(n: int) -> Case:
    """Very many correct quotes from a long text, each a paragraph."""
    source = words(n).replace(" ", "\n")
    return Case(source, [person(k, name=f"w{k:06x}", evidence=f"w{k:06x}") for k in range(n // 90)])


@knob
def quotes_of_common_words(n: int) -> Case:
    """Quotes of words that occur everywhere; only their order is unique."""
    pairs = [f"w{i} w{j}" for i in range(400) for j in range(400)]
    source = " / ".join(pairs)[:n]
    return Case(source, [person(k, evidence=q) for k, q in enumerate(pairs[: n // 80])])


@knob
def quotes_over_all(n: int) -> Case:
    """Quotes with an ellipsis, each of which covers nearly the whole text."""
    count = n // 8
    quotes = [f"w{k:06x} … w{count - k - 1:06x}" for k in range(min(n // 90, count // 3))]
    return Case(words(n), [person(k, name="w", evidence=q) for k, q in enumerate(quotes)])


@knob
def quotes_in_cyrillic(n: int) -> Case:
    """Very many correct quotes from a long text in two-byte letters."""
    text = words(n // 2, "ю{:06x}ж")
    return Case(text, [person(k, name=f"ю{k:06x}ж", evidence=f"ю{k:06x}ж") for k in range(n // 100)])


# ---- literals and their evidence


@knob
def names_of_one_node(n: int) -> Case:
    """Very many names of a node, all looked for in all its quotes."""
    names = words(n // 2).split()
    return Case(words(n // 2), [person(1, name=names, evidence=names[: len(names) // 4])])


@knob
def names_in_one_paragraph(n: int) -> Case:
    """Very many names looked for in one long quote."""
    text = words(n // 3)
    return Case(text, [person(1, name=text.split(), evidence=text)])


@knob
def names_not_in_one_paragraph(n: int) -> Case:
    """Very many names that do not occur in one long quote."""
    text = words(n // 3)
    return Case(text, [person(1, name=[f"v{k}" for k in range(n // 10)], evidence=text)])


@knob
def long_names_nowhere(n: int) -> Case:
    """Names that begin like the text and end differently."""
    text = "a b " * (n // 16)
    return Case(text, [person(1, name=[text[: n // 8] + f"c{k}" for k in range(6)], evidence=text.strip())])


@knob
def dates_in_one_paragraph(n: int) -> Case:
    """Very many dates looked for in one quote full of dates."""
    text = " ".join(f"{1 + k % 28} May {1000 + k % 9000}" for k in range(n // 24))
    dates = [f"{1000 + k % 9000}-06-{1 + k % 28:02d}" for k in range(n // 30)]
    return Case(text, [{"id": "event/e", "type": "Event", "name": "May", "startDate": dates, "evidence": text}])


@knob
def telephones_in_one_paragraph(n: int) -> Case:
    """Very many telephone numbers looked for in one quote full of others."""
    text = ", ".join(f"+{k:07d}" for k in range(n // 20))
    numbers = [f"+{k:07d}1" for k in range(n // 20)]
    node = {"id": "org/o", "type": "ContactPoint", "telephone": numbers, "evidence": text}
    return Case(text, [node])


@knob
def telephones_in_one_number(n: int) -> Case:
    """Very many telephone numbers looked for in one endless number."""
    text = "+" + " ".join(f"{k:07d}" for k in range(n // 20))
    node = {"id": "org/o", "type": "ContactPoint", "evidence": text}
    return Case(text, [node | {"telephone": [f"+{k:07d}1" for k in range(n // 20)]}])


@knob
def evidence_by_value(n: int) -> Case:
    """A quote for each of very many values of one property."""
    names = words(n // 3).split()
    return Case(words(n // 3), [person(1, name=names, evidence={"name": {name: name for name in names}})])


@knob
def quotes_times_values(n: int) -> Case:
    """Very many quotes for a property of very many values."""
    names = words(n // 2).split()[: n // 40]
    evidence = {"*": names[0], "memberOf": names}
    return Case(words(n // 2), [person(1, name=names[0], memberOf=[f"person/q{k}" for k in names], evidence=evidence)])


@knob
def reasons_of_one_inference(n: int) -> Case:
    """Very many reasons for one inferred fact."""
    quotes = [{"inferred": f"w{k:06x}", "why": f"reason {k}"} for k in range(n // 50)]
    return Case(words(n), [person(1, name="w", evidence={"*": "w000001", "name": quotes})])


@knob
def datelines_times_roles(n: int) -> Case:
    """Very many quotes of a dateline, whose day is written into very many roles."""
    quotes = [f"May 29, 2015 w{k}" for k in range(n // 60)]
    roles = [{"title": "Chair", "of": f"org/o{k}", "evidence": "Chair"} for k in range(n // 70)]
    root = {"dateline": "May 29, 2015", "evidence": {"*": HEAD, "dateline": quotes}}
    return Case("\n".join([HEAD, "Chair", *(q + "." for q in quotes)]), [person(1, role=roles)], root)


@knob
def facts_written_twice(n: int) -> Case:
    """The same fact again and again, each time with other quotes."""
    quotes = words(n // 2).split()[: n // 25]
    return Case(words(n // 2), [person(1, name=[quotes[0]] * (n // 25), evidence={"*": quotes[0], "name": quotes})])


# ---- keys, ids and the shape of the record


@knob
def unknown_keys(n: int) -> Case:
    """Very many keys that mean nothing."""
    return Case(graph=[person(1, **{f"orgnization{k}": "x" for k in range(n // 25)})])


@knob
def unknown_keys_beside_the_graph(n: int) -> Case:
    """Very many unknown keys of the record itself."""
    return Case(more={f"grap{k}": "x" for k in range(n // 16)})


@knob
def unknown_keys_of_roles(n: int) -> Case:
    """Very many unknown keys in a role."""
    role = {"title": "x", "of": "org/x", "evidence": "x"} | {f"titel{k}": "x" for k in range(n // 16)}
    return Case(graph=[person(1, role=role)])


@knob
def unknown_key_of_great_length(n: int) -> Case:
    """One key as long as the record."""
    return Case(graph=[person(1, **{"organization" * (n // 12): "x"})])


@knob
def unknown_types(n: int) -> Case:
    """Very many classes that do not exist."""
    return Case(graph=[person(1, type=[f"Organisation{k}" for k in range(n // 22)])])


@knob
def misplaced_evidence(n: int) -> Case:
    """Very many quotes for properties that the node does not have."""
    return Case(graph=[person(1, evidence={"*": "Alba"} | {f"nam{k}": "Alba" for k in range(n // 22)})])


@knob
def misplaced_values(n: int) -> Case:
    """Very many quotes for values that the node does not have."""
    names = [f"n{k}" for k in range(n // 40)]
    evidence = {"*": "Alba", "name": {f"m{k}": "Alba" for k in range(n // 40)}}
    return Case(graph=[person(1, name=names, evidence=evidence)])


@knob
def dangling_references(n: int) -> Case:
    """Very many nodes that are named but not described, beside very many that are."""
    nodes = [person(k) for k in range(n // 200)]
    return Case(graph=[*nodes, person("x", memberOf=[f"person/q{k}" for k in range(n // 40)])])  # type: ignore[arg-type]


@knob
def unreachable_nodes(n: int) -> Case:
    """Very many nodes that nothing connects with the release."""
    node = {"type": "Event", "name": "Dam", "evidence": HEAD}
    return Case(graph=[{"id": f"this:e{k}", **node} for k in range(n // 90)])


@knob
def second_nodes(n: int) -> Case:
    """The same id again and again."""
    return Case(graph=[person(1) for _ in range(n // 70)])


@knob
def bad_references(n: int) -> Case:
    """Very many values that are not ids."""
    return Case(graph=[person(1, memberOf=[f"no id {k}" for k in range(n // 14)])])


@knob
def empty_values(n: int) -> Case:
    """Very many values that say nothing."""
    return Case(graph=[person(1, name=[""] * (n // 4))])


@knob
def labels(n: int) -> Case:
    """Very many names in other languages."""
    texts = {f"en-x-{k:06d}": [f"l{k}"] for k in range(n // 30)}
    return Case(graph=[{"id": "topic/t", "type": "Concept", "name": "Dam", "labels": texts, "evidence": "Dam"}])


@knob
def roles(n: int) -> Case:
    """Very many roles of one person."""
    role = [{"title": "Dam", "of": f"org/o{k}", "evidence": "Dam"} for k in range(n // 60)]
    return Case(graph=[person(1, role=role)])


# ---- the graph and SHACL


@knob
def nodes_in_order(n: int) -> Case:
    """Very many correct nodes."""
    return Case(graph=[person(k) for k in range(n // 75)])


@knob
def nodes_against_shapes(n: int) -> Case:
    """Very many nodes that break shapes."""
    return Case(graph=[{"id": f"person/p{k}", "type": "Person", "evidence": "Alba"} for k in range(n // 60)])


@knob
def values_against_shapes(n: int) -> Case:
    """Very many values of one property that break a shape."""
    return Case(graph=[person(1, memberOf=[f"topic/q{k}" for k in range(n // 16)])])


@knob
def chain_of_events(n: int) -> Case:
    """Events inside one another."""
    node = {"type": "Event", "name": "Dam", "startDate": "2015-05-29", "evidence": "Dam"}
    return Case(graph=[{"id": f"event/e{k}", "superEvent": f"event/e{k + 1}", **node} for k in range(n // 110)])


@knob
def cycle_of_parts(n: int) -> Case:
    """Works that are parts of one another, in a cycle."""
    node = {"type": "Report", "name": "Dam", "evidence": "Dam"}
    size = n // 90
    return Case(graph=[{"id": f"work/w{k}", "isPartOf": f"work/w{(k + 1) % size}", **node} for k in range(size)])


@knob
def starts_times_ends(n: int) -> Case:
    """Very many first days and last days of one event."""
    days = [f"{1000 + k // 300}-{1 + k // 28 % 12:02d}-{1 + k % 28:02d}" for k in range(n // 30)]
    node = {"id": "event/e", "type": "Event", "name": "Dam", "evidence": "Dam", "startDate": days, "endDate": days}
    return Case(graph=[node])


@knob
def long_digits(n: int) -> Case:
    """A number of very many digits."""
    value = {"@value": "1" * n, "@type": "xsd:integer"}
    return Case(graph=[person(1, identifier=value)])


# ---- files


@knob
def yaml_of_scalars(n: int) -> Case:
    """As many values as a file can hold."""
    return Case(record="graph: [" + "a," * (n // 2) + "a]")


@knob
def yaml_of_pairs(n: int) -> Case:
    """As many keys as a file can hold."""
    return Case(record="graph:\n" + "".join(f" {k:x}: \n" for k in range(0x100, n // 7)))


@knob
def yaml_of_lists(n: int) -> Case:
    """Empty lists, as many as a file can hold."""
    return Case(record="graph: [" + "[],\n" * (n // 4) + "a]")


@knob
def yaml_of_bars(n: int) -> Case:
    """A line of characters that may begin a block scalar."""
    return Case(record="graph: " + "|" * n)


@knob
def yaml_of_bars_in_a_word(n: int) -> Case:
    """A long word of characters that may begin a block scalar elsewhere."""
    return Case(record="graph: x" + "|" * n)


@knob
def yaml_of_bars_in_lines(n: int) -> Case:
    """Lines of characters that may begin a block scalar."""
    return Case(record="graph:\n" + (" " + "[|" * 4_000 + "\n") * (n // 8_000))


@knob
def yaml_of_dashes(n: int) -> Case:
    """Nested lists, as deep as is read."""
    return Case(record="graph:\n" + (" " + "- " * 60 + "a\n") * (n // 122))


@knob
def yaml_of_comments(n: int) -> Case:
    """Nothing but comments."""
    return Case(record="#\n" * (n // 2) + "graph: []")


@knob
def yaml_of_blank_lines(n: int) -> Case:
    """A quote over very many empty lines."""
    return Case(record='graph: [{id: person/p, evidence: "a' + "\n" * n + 'b"}]')


@knob
def yaml_of_escapes(n: int) -> Case:
    """A text of escapes."""
    return Case(record='graph: [{id: person/p, name: "' + "\\n" * (n // 2) + '"}]')


@knob
def yaml_keys_twice(n: int) -> Case:
    """The same key again and again."""
    return Case(record="graph: []\n" * (n // 10))


@knob
def yaml_keys_of_numbers(n: int) -> Case:
    """Very many keys that are not text."""
    return Case(record="".join(f"{k}: a\n" for k in range(n // 9)))


@knob
def page_keys(n: int) -> Case:
    """Very many unknown keys in page.json."""
    return Case(page=json.dumps({f"publishr{k}": "x" for k in range(n // 20)}))


@knob
def page_key_twice(n: int) -> Case:
    """Very many keys in page.json, the last one twice."""
    return Case(page="{" + ",".join(f'"k{k}":1' for k in range(n // 11)) + ',"z":1,"z":1}')


@knob
def archive_key_twice(n: int) -> Case:
    """Very many keys in a line of an archive, the last one twice."""
    return Case(archive=("a.jsonl", ("{" + ",".join(f'"k{k}":1' for k in range(n // 11)) + ',"z":1,"z":1}').encode()))


@knob
def archive_of_blank_lines(n: int) -> Case:
    """A compressed archive of nothing but line ends, as large as is decompressed."""
    return Case(archive=("a.jsonl.gz", gzip.compress(b"\n" * (n * 190))), refused=True)


@knob
def archive_of_bad_lines(n: int) -> Case:
    """An archive whose every line is wrong."""
    return Case(archive=("a.jsonl", b"{}\n" * (n // 3)))


@knob
def marks_before_the_text(n: int) -> Case:
    """One byte order mark after another."""
    return Case("\ufeff" * (n // 3), record="\ufeff" * (n // 3) + "graph: []")


@knob
def language_of_great_length(n: int) -> Case:
    """A language tag half as long as the record, on every text."""
    context = ["context.jsonld", {"@language": "en-x" + "-abcdefgh" * (n // 18)}]
    return Case(graph=[person(k) for k in range(n // 150)], more={"@context": context})


@knob
def parts_of_names(n: int) -> Case:
    """Very many names of a person, and very many given names."""
    names = {"name": [f"A{k} B" for k in range(n // 20)], "givenName": [f"G{k}" for k in range(n // 20)]}
    return Case(graph=[{"id": "person/p", "type": "Person", "evidence": "Alba", **names}])


# ---- the run


def record_text(case: Case) -> str:
    """The text of the record of a case."""
    root = {"id": "release/bench", "type": ["NewsArticle", "PressRelease"], "headline": HEAD, "evidence": HEAD}
    record = {"@context": ["context.jsonld"], **case.more, "graph": [root | case.root, *case.graph]}
    return case.record or json.dumps(record, ensure_ascii=False, indent=0)


def largest_case(make: Knob, n: int) -> Case:
    """The largest case of at most ``n`` bytes whose record is not too large to be read."""
    case = make(n)
    while len(record_text(case).encode()) > 1 << 20:
        n = n * 9 // 10
        case = make(n)
    return case


def write_case(case: Case, data: Path) -> None:
    """Write a newsroom with this release and nothing else."""
    releases = data / "releases"
    releases.mkdir(parents=True)
    (data / "dataset.yaml").write_text("title: Bench\nbase: https://data.example.org/\n", encoding="utf-8")
    if case.archive is not None:
        (releases / case.archive[0]).write_bytes(case.archive[1])
        return
    folder = releases / "bench"
    folder.mkdir()
    source = case.source if HEAD in case.source else f"{HEAD}\n{case.source}\n"
    (folder / "source.txt").write_text(source, encoding="utf-8")
    (folder / "record.yaml").write_text(record_text(case), encoding="utf-8")
    if case.page is not None:
        (folder / "page.json").write_text(case.page, encoding="utf-8")


def judge(data: Path, cap: int) -> tuple[float, float, int, int]:
    """Processor seconds, peak MB, exit code and number of findings of `check` in a process of its own."""
    command = [sys.executable, "-m", "communique", "check", "--quiet", "--format", "json", "--data", str(data)]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (cap, cap + 1))
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))

    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.DEVNULL, preexec_fn=limit)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        try:
            number = len(json.load(out)["findings"])
        except (ValueError, KeyError):
            number = -1
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode, number


def measure(name: str, size: int, cap: int) -> Iterator[tuple[float, float, int, int]]:
    """One knob at a quarter, half and all of ``size`` bytes; it stops after a run that exceeds the cap."""
    for n in (size // 4, size // 2, size):
        case = largest_case(KNOBS[name], n)
        with tempfile.TemporaryDirectory() as scratch:
            write_case(case, Path(scratch) / "data")
            seconds, peak, code, number = judge(Path(scratch) / "data", cap)
        row = (seconds, peak, 0 if case.refused and code == 2 else code, number)
        yield row
        if row[2] == -signal.SIGXCPU:
            return


def verdict(rows: list[tuple[float, float, int, int]], idle: float) -> str:
    """OVER the limits, GROWS faster than the size, or ""; ``idle`` is the time in seconds for an empty release."""
    last = rows[-1]
    if len(rows) < 3 or last[0] > SECONDS or last[1] > MEGABYTES or last[2] not in (0, 1):
        return "OVER"
    one, four = rows[0][0] - idle, last[0] - idle
    return "GROWS" if four > 1 and four > 6 * max(one, 0.1) else ""


def main() -> int:
    """Print one line per knob; 1 if any is over the limits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("knobs", nargs="*", metavar="KNOB")
    parser.add_argument("--size", type=int, default=900_000, help="bytes of the largest release")
    parser.add_argument("--cap", type=int, default=40, help="processor seconds after which a run is ended")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        write_case(Case(), Path(scratch) / "data")
        idle = judge(Path(scratch) / "data", options.cap)[0]
    over = 0
    for name in options.knobs or KNOBS:
        rows = list(measure(name, options.size, options.cap))
        figures = "  ".join(f"{s:6.2f} s {m:4.0f} MB" for s, m, _, _ in rows)
        word = verdict(rows, idle)
        over += word == "OVER"
        print(f"{name:32} {figures}  exit {rows[-1][2]}, {rows[-1][3]} findings {word}", flush=True)
    return 1 if over else 0


if __name__ == "__main__":
    raise SystemExit(main())
