"""Every number on the English pages of a publication, held against a query to its dump.

    python -m tests.counting public https://w3id.org/communique/id/

prints what differs, and how many numbers were compared.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import QuerySolutions, RdfFormat, Store

from communique.kinds import KINDS
from communique.kinds import LISTS as LIST_KEYS
from communique.publish.words import Words

PREFIXES = """PREFIX cmq: <https://w3id.org/communique/ns#> PREFIX fabio: <http://purl.org/spar/fabio/>
PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <http://schema.org/> """
LISTS = {key: [kind.path for kind in KINDS if kind.list == key] for key in LIST_KEYS}


class Counting:
    """Compares the numbers of one publication; ``wrong`` says which differ, ``compared`` how many there were."""

    def __init__(self, site: Path, base: str) -> None:
        self.site, self.base = site, base
        self.store = Store()
        self.store.bulk_load(path=str(site / "dataset.nq"), format=RdfFormat.N_QUADS)
        self.wrong: list[str] = []
        self.compared: Counter[str] = Counter()
        self.slugs = sorted(path.parent.name for path in site.glob("release/*/source.txt"))

    # ---- asking

    def ask(self, pattern: str, what: str = "*") -> int:
        """The number of distinct solutions."""
        where = pattern if "GRAPH" in pattern else f"GRAPH ?graph {{ {pattern} }}"
        (row,) = self.rows(f"SELECT (COUNT(DISTINCT {what}) AS ?n) WHERE {{ {where} }}")
        return int(row[0])

    def rows(self, query: str) -> Iterator[list[str]]:
        found = self.store.query(PREFIXES + query)
        assert isinstance(found, QuerySolutions)
        return ([str(getattr(value, "value", "")) for value in row] for row in found)

    def read(self, path: str) -> str:
        return (self.site / path).read_text(encoding="utf-8")

    def same(self, where: str, what: str, told: Any, asked: Any) -> None:
        self.compared[what] += 1
        if told != asked:
            self.wrong.append(f"{where}: {what}: the page says {told}, the query {asked}")

    # ---- pages

    def everything(self) -> None:
        """Compare them all."""
        self.totals()
        self.described()
        self.years()
        self.cards()
        for slug in self.slugs:
            self.release(slug)
        self.entities()
        self.lists()
        self.questions()
        self.pictures()
        self.vocabulary()

    def totals(self) -> None:
        marks = f'STRSTARTS(STR(?g), "{self.base}graph/")'
        words = Words("en")
        part = {
            words("facts_of_releases"): f'FILTER(!REGEX(STR(?g), "/(evidence|page|entities)$") && {marks})',
            words("triples_of_evidence"): 'FILTER(STRENDS(STR(?g), "/evidence"))',
            words("triples_of_pages"): 'FILTER(STRENDS(STR(?g), "/page"))',
            words("triples_of_registry"): f"FILTER(?g = <{self.base}graph/entities>)",
            words("triples_in_graphs"): "",
        }
        asked = {name: self.quads(only) for name, only in part.items()} | {words("triples"): self.distinct("")}
        for path in ("index.html", "data.html"):
            told = dict(re.findall(r"<dt>([^<]*)</dt><dd>([\d,]+)</dd>", self.read(path)))
            for name, number in asked.items():
                self.same(path, name, _number(told.get(name, "0")), number)
            parts = [_number(told.get(name, "0")) for name in [*part][:-1]]
            self.same(path, "sum of the parts", sum(parts), asked[words("triples_in_graphs")])
        releases = dict(re.findall(r"<dt>([^<]*)</dt><dd>([\d,]+)</dd>", self.read("data.html")))["Releases"]
        self.same("data.html", "releases", _number(releases), self.ask("?r a fabio:PressRelease", "?r"))

    def quads(self, only: str) -> int:
        (row,) = self.rows(f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} {only} }}")
        return int(row[0])

    def described(self) -> None:
        """What void.ttl says of the whole: its entities, and the period that the data cover."""
        void = self.read("void.ttl")
        inner = f'STRSTARTS(STR(?e), "{self.base}release/") && CONTAINS(STR(?e), "#")'
        outlive = f'?e a ?c FILTER(!({inner}) && !STRENDS(STR(?e), "/source.txt") && !CONTAINS(STR(?e), "source.txt#"))'
        self.same(
            "void.ttl", "entities", _first(r"void:entities ([\d]+) ;\s+void:classes", void), self.ask(outlive, "?e")
        )
        dates = " ".join(f"schema:{name}" for name in ("startDate", "endDate", "legislationDate", "datePublished"))
        days = [
            d
            for (d,) in self.rows(
                f"SELECT DISTINCT ?d {{ VALUES ?p {{ cmq:attestedOn {dates} }} GRAPH ?g {{ ?s ?p ?d }} }}"
            )
        ]
        told = [(re.findall(rf'dcat:{end}Date "([^"]*)"', void) or [""])[0] for end in ("start", "end")]
        last = max((day + "-99" * (3 - len(day.split("-"))) for day in days), default="").replace("-99", "")
        self.same("void.ttl", "first and last day", told, [min(days, default=""), last])

    def distinct(self, only: str) -> int:
        (row,) = self.rows(
            f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?p ?o {{ GRAPH ?g {{ ?s ?p ?o }} {only} }} }}"
        )
        return int(row[0])

    def years(self) -> None:
        """The releases of each year: of the dateline, else of the day of publication."""
        query = """SELECT ?r (MIN(?l) AS ?line) (MIN(STR(?p)) AS ?day) WHERE { GRAPH ?g { ?r a fabio:PressRelease }
            OPTIONAL { GRAPH ?h { ?r schema:dateline ?l } } OPTIONAL { GRAPH ?i { ?r schema:datePublished ?p } }
            } GROUP BY ?r"""
        asked: Counter[str] = Counter()
        for _, line, day in self.rows(query):
            year = re.findall(r"[12]\d\d\d", line) or re.findall(r"^\d{4}", day)
            asked[year[0] if year else "undated"] += 1
        index = self.read("index.html")
        told = dict(re.findall(r'<a class="year" href="[^"]*">([^<]*)</a> <b>([\d,]+)</b>', index))
        years = {year if year.isdigit() else "undated": _number(n) for year, n in told.items()}
        self.same("index.html", "years", years, dict(asked))
        self.same("index.html", "all releases", _first(r'<p class="num">([\d,]+) releases?\.', index), len(self.slugs))
        for path in sorted(self.site.glob("releases-*.html")):
            if re.fullmatch(r"releases-(\d{4}|undated)\.html", path.name):
                told_year = _first(r'<p class="dl-line">([\d,]+) release', path.read_text(encoding="utf-8"))
                self.same(path.name, "releases of a year", told_year, asked[path.stem.partition("-")[2]])

    def numbers(self, slug: str) -> dict[str, int]:
        """What a query finds in one release."""
        facts, evidence = f"<{self.base}graph/{slug}>", f"<{self.base}graph/{slug}/evidence>"
        note = "<http://www.w3.org/2004/02/skos/core#editorialNote>"
        said = f"GRAPH {facts} {{ ?s ?p ?o }} FILTER NOT EXISTS {{ GRAPH {facts} {{ ?s a rdf:Statement }} }}"
        said = f"{said} FILTER(?p != {note})"
        (row,) = self.rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ {said} }}")
        statement = "VALUES ?c { schema:Statement schema:Quotation }"
        uttered = f"GRAPH {facts} {{ ?n a ?d FILTER(?d IN (cmq:ReportedStatement, schema:Quotation)) }}"
        recommended = f"GRAPH {facts} {{ ?n a cmq:PolicyRecommendation }} FILTER NOT EXISTS {{ {uttered} }}"
        apart = f"FILTER NOT EXISTS {{ {recommended} }}"
        no_project = f"FILTER NOT EXISTS {{ GRAPH {facts} {{ ?n a schema:Project }} }}"
        return {
            "fact": int(row[0]),
            "inferred": self.ask(
                f"GRAPH {facts} {{ ?m cmq:basis cmq:inferred ; rdf:predicate ?p }} FILTER(?p != {note})", "?m"
            ),
            "passage": self.ask(f"GRAPH {evidence} {{ ?p a oa:SpecificResource }}", "?p"),
            "people": self.ask(f"GRAPH {facts} {{ ?n a schema:Person }}", "?n"),
            "organisation": self.ask(f"GRAPH {facts} {{ ?n a schema:Organization }} {no_project}", "?n"),
            "project": self.ask(f"GRAPH {facts} {{ ?n a schema:Project }}", "?n"),
            "statement": self.ask(f"{statement} GRAPH {facts} {{ ?n a ?c }} {apart}", "?n"),
            "recommendation": self.ask(recommended, "?n"),
        }

    def cards(self) -> None:
        for entry in re.findall(r'<article class="entry"[^>]*>(.*?)</article>', self.read("index.html"), re.DOTALL):
            slug = re.findall(r"release/([^/\"]+)/index\.html", entry)[0]
            line = re.findall(r'<p class="num">([\d,]+ facts?.*?)</p>', entry)[0]
            told = {
                "fact": _first(r"([\d,]+) fact", line),
                "inferred": _first(r"inferred: ([\d,]+)", line),
                "passage": _first(r"([\d,]+) passage", line),
                "people": _first(r"([\d,]+) (?:person|people)", line),
                "organisation": _first(r"([\d,]+) organisation", line),
                "project": max(_first(r"([\d,]+) project", line), 0),
                "statement": _first(r"([\d,]+) statement", line),
                "recommendation": max(_first(r"([\d,]+) recommendation", line), 0),
            }
            self.map(slug, entry)
            for name, number in self.numbers(slug).items():
                self.same(f"index.html, {slug}", f"card: {name}", told[name], number)

    def map(self, slug: str, entry: str) -> None:
        """What the map of a release says of itself, held against the page to which it leads."""
        (label,) = re.findall(r'aria-label="(Map[^"]*)"', entry)
        page = self.read(f"release/{slug}/index.html")
        asked = re.findall(r'<p id="p(\d+)"|<p class="over" id="p(\d+)"', page)
        self.same("index.html", "map: paragraphs", max(_first(r"([\d,]+) paragraphs?", label), 0), len(asked))
        self.same("index.html", "map: headline", "headline" in label, "facts-of-0" in page)

    def pictures(self) -> None:
        """What a picture says of itself, held against its boxes and lines, and the facts against the labels."""
        for path in sorted(self.site.glob("*/*/index.html")):
            for svg in re.findall(r'<svg class="pic.*?</svg>', path.read_text(encoding="utf-8"), re.DOTALL):
                told = [
                    _number(n) for n in re.findall(r": ([\d,]+)", svg.partition("<desc")[2].partition("</desc>")[0])
                ]
                broken = svg.count('class="ed inf"')
                drawn = [svg.count("<a "), svg.count('class="ed"') + broken, broken]
                self.same(str(path.parent), "picture: boxes, lines, broken", told[:3], drawn)

    def release(self, slug: str) -> None:
        path = f"release/{slug}/index.html"
        page, asked = self.read(path), self.numbers(slug)
        (line,) = re.findall(_words("counts", "facts", "inferred", "passages"), page)
        told = [_number(n) for n in line]
        self.same(path, "release: facts", told, [asked["fact"], asked["inferred"], asked["passage"]])
        strips = [_number(n) for n in re.findall(r": ([\d,]+) passages?</span><svg", page)]
        self.same(path, "release: passages of paragraphs", sum(strips), asked["passage"])
        listed = {
            label: body.count("<li>")
            for label, body in re.findall(r'<details id="facts-of-(\d+)">(.*?)</details>', page)
        }
        entries = dict(re.findall(r'href="#facts-of-(\d+)">(?:<bdi>)?¶[^<]*<span>([\d,]+)', page))
        for label, number in entries.items():
            self.same(path, "release: entries of a paragraph", _number(number), listed[label])

    def entities(self) -> None:
        query = """SELECT ?e (COUNT(DISTINCT ?r) AS ?n) WHERE { GRAPH ?g { ?r schema:about|schema:mentions ?e .
            ?r a fabio:PressRelease } } GROUP BY ?e"""
        asked = {iri: int(n) for iri, n in self.rows(query)}
        for kind in KINDS:
            for path in sorted(self.site.glob(f"{kind.path}/*/index.html")):
                name = path.parent.relative_to(self.site).as_posix()
                page = path.read_text(encoding="utf-8")
                number = asked.get(self.base + name, 0)
                told = [_number(n) for n in re.findall(r'data-releases="(\d+)"', page)]
                self.same(name, "entity: releases", told, [number] if number else [])
                words = re.findall(r'data-releases="\d+">[^<\d]*([\d,]+)[^<\d]*</span>', page)
                self.same(name, "entity: releases in words", [_number(n) for n in words], told)
                for _, more in re.findall(_words("more_releases", "n", "all"), page):
                    self.same(name, "entity: more releases", _number(more), number)
                    rest = page.partition('id="h-rel"')[2].partition("</ul>")[0]
                    self.same(name, "entity: releases listed", rest.count("<li>"), number)

    def lists(self) -> None:
        index = self.read("index.html")
        for key, kinds in LISTS.items():
            section = re.findall(rf'aria-labelledby="{key}">(.*?)</section>', index, re.DOTALL)
            ways = " || ".join(f'STRSTARTS(STR(?e), "{self.base}{kind}/")' for kind in kinds)
            asked = self.ask(f'?e a ?c FILTER(({ways}) && !CONTAINS(STR(?e), "#"))', "?e")
            if not section:
                self.same("index.html", f"list: {key}", 0, asked)
                continue
            more = re.findall(_words("all_of", "all"), section[0])
            shown = section[0].count("<li>")
            self.same("index.html", f"list: {key}", _number(more[0]) if more else shown, asked)

    def questions(self) -> None:
        for path in sorted(self.site.glob("queries/*/index.html")):
            page = path.read_text(encoding="utf-8")
            files = path.parent / "result.csv", path.parent / "result.json"
            told = re.findall(r'<p class="num">(?:[^<]*\s)?([\d,]+) rows?\. ', page)
            if not told or not files[0].exists():
                continue
            rows = len(list(csv.reader(io.StringIO(files[0].read_text(encoding="utf-8"), newline="")))) - 1
            found = json.loads(files[1].read_text(encoding="utf-8"))
            self.same(path.parent.name, "question: rows", _number(told[0]), rows)
            for _, whole in re.findall(_words("first_rows", "n", "all"), page):
                self.same(path.parent.name, "question: first rows of", _number(whole), rows)
            self.same(path.parent.name, "question: rows as JSON", len(found["results"]["bindings"]), rows)

    def vocabulary(self) -> None:
        page = self.read("ontology/index.html")
        used = re.findall(r"<code>([^<]+)</code><span>([\d,]+) uses?</span>", page)
        names = dict(re.findall(r"PREFIX (\w+): <([^>]+)>", PREFIXES))
        kinds = dict(self.rows("SELECT ?c (COUNT(DISTINCT ?n) AS ?k) { GRAPH ?g { ?n a ?c } } GROUP BY ?c"))
        properties = dict(
            self.rows("SELECT ?p (COUNT(*) AS ?k) { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } } GROUP BY ?p")
        )
        for name, number in used:
            prefix, _, local = name.partition(":")
            iri = names.get(prefix, "") + local
            if prefix in names:
                asked = properties.get(iri) or kinds.get(iri) or "0"
                self.same("ontology/index.html", "vocabulary: uses", (name, _number(number)), (name, int(asked)))


def _words(key: str, *numbers: str) -> str:
    """The English words of a key as a pattern, with a group for each number, in the order in which they are named."""
    written = re.escape(Words("en")(key, **{name: f"<{n}>" for n, name in enumerate(numbers)}))
    for number, _ in enumerate(numbers):
        written = written.replace(f"<{number}>", r"([\d,]+)")
    return written


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _first(pattern: str, text: str) -> int:
    found = re.findall(pattern, text)
    return _number(found[0]) if found else -1


def compare(site: Path, base: str) -> Counting:
    """All numbers of a publication, compared."""
    counting = Counting(site, base)
    counting.everything()
    return counting


if __name__ == "__main__":
    made = compare(Path(sys.argv[1]), sys.argv[2])
    print("\n".join(made.wrong))
    print(f"{sum(made.compared.values())} numbers compared, {len(made.wrong)} differ:", dict(made.compared))
