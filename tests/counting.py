"""Every number on the English pages of a publication, compared with a query to its dump.

    python -m tests.counting public https://w3id.org/communique/id/

prints the differences, and how many numbers were compared.
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

from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store

from communique.kinds import KINDS
from communique.kinds import LISTS as LIST_KEYS
from communique.publish.words import Words
from tests.terms import moved

PREFIXES = """PREFIX cmq: <https://w3id.org/communique/ns#> PREFIX fabio: <http://purl.org/spar/fabio/>
PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <http://schema.org/> """
LISTS = {key: [kind.path for kind in KINDS if kind.list == key] for key in LIST_KEYS}


def _joined(quad: Quad) -> Quad:
    """The quad in the graph of its release, if it stands in that of what was inferred from it."""
    assert isinstance(quad.graph_name, NamedNode)
    return moved(quad, NamedNode(quad.graph_name.value.removesuffix("/inferred")))


class Counting:
    """Compares the numbers of one publication: ``wrong`` lists the differences, ``compared`` counts the comparisons."""

    def __init__(self, site: Path, base: str) -> None:
        self.site, self.base = site, base
        self.store = Store()
        self.store.bulk_load(path=str(site / "dataset.nq"), format=RdfFormat.N_QUADS)
        self.joined = Store()
        self.joined.extend(_joined(quad) for quad in self.store)
        self.wrong: list[str] = []
        self.compared: Counter[str] = Counter()
        self.slugs = sorted(path.parent.name for path in site.glob("release/*/source.txt"))

    # ---- queries

    def ask(self, pattern: str, what: str = "*", store: Store | None = None) -> int:
        """The number of distinct solutions."""
        where = pattern if "GRAPH" in pattern else f"GRAPH ?graph {{ {pattern} }}"
        (row,) = self.rows(f"SELECT (COUNT(DISTINCT {what}) AS ?n) WHERE {{ {where} }}", store)
        return int(row[0])

    def rows(self, query: str, store: Store | None = None) -> Iterator[list[str]]:
        """The rows of a query, each a list of values as text; an unbound one is empty."""
        solutions = (store or self.store).query(PREFIXES + query)
        assert isinstance(solutions, QuerySolutions)
        return ([str(getattr(value, "value", "")) for value in row] for row in solutions)

    def read(self, path: str) -> str:
        return (self.site / path).read_text(encoding="utf-8")

    def same(self, where: str, what: str, shown: Any, counted: Any) -> None:
        """Compare what the page ``where`` shows with what a query counts."""
        self.compared[what] += 1
        if shown != counted:
            self.wrong.append(f"{where}: {what}: the page says {shown}, the query {counted}")

    # ---- pages

    def everything(self) -> None:
        """Compare all numbers."""
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
        words, others = Words("en"), "evidence|inferred|page|entities|dataset"
        part = {
            words("facts_of_releases"): f'FILTER(!REGEX(STR(?g), "/({others})$") && {marks})',
            words("triples_of_dataset"): f"FILTER(?g = <{self.base}graph/dataset>)",
            words("triples_of_inference"): 'FILTER(STRENDS(STR(?g), "/inferred"))',
            words("triples_of_evidence"): 'FILTER(STRENDS(STR(?g), "/evidence"))',
            words("triples_of_pages"): 'FILTER(STRENDS(STR(?g), "/page"))',
            words("triples_of_registry"): f"FILTER(?g = <{self.base}graph/entities>)",
            words("triples_in_graphs"): "",
        }
        counted = {name: self.quads(only) for name, only in part.items()} | {words("triples"): self.distinct("")}
        for path in ("index.html", "data.html"):
            shown = dict(re.findall(r"<dt>([^<]*)</dt><dd>([\d,]+)</dd>", self.read(path)))
            for name, number in counted.items():
                self.same(path, name, _number(shown.get(name, "0")), number)
            parts = [_number(shown.get(name, "0")) for name in [*part][:-1]]
            self.same(path, "sum of the parts", sum(parts), counted[words("triples_in_graphs")])
        releases = dict(re.findall(r"<dt>([^<]*)</dt><dd>([\d,]+)</dd>", self.read("data.html")))["Releases"]
        self.same("data.html", "releases", _number(releases), self.ask("?r a fabio:PressRelease", "?r"))

    def quads(self, only: str) -> int:
        (row,) = self.rows(f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} {only} }}")
        return int(row[0])

    def described(self) -> None:
        """The number of entities and the period of the data, as void.ttl gives them."""
        void = self.read("void.ttl")
        inner = f'STRSTARTS(STR(?e), "{self.base}release/") && CONTAINS(STR(?e), "#")'
        apart = f'({inner}) || STRENDS(STR(?e), "/source.txt") || CONTAINS(STR(?e), "source.txt#")'
        outlive = f"GRAPH ?g {{ ?e a ?c }} FILTER(!({apart}) && ?g != <{self.base}graph/dataset>)"
        self.same(
            "void.ttl",
            "entities",
            _first_number(r"void:entities ([\d]+) ;\s+void:classes", void),
            self.ask(outlive, "?e"),
        )
        dates = " ".join(f"schema:{name}" for name in ("startDate", "endDate", "legislationDate", "datePublished"))
        days = [
            d
            for (d,) in self.rows(
                f"SELECT DISTINCT ?d {{ VALUES ?p {{ cmq:attestedOn {dates} }} GRAPH ?g {{ ?s ?p ?d }} }}"
            )
        ]
        shown = [(re.findall(rf'dcat:{end}Date "([^"]*)"', void) or [""])[0] for end in ("start", "end")]
        last = max((day + "-99" * (3 - len(day.split("-"))) for day in days), default="").replace("-99", "")
        self.same("void.ttl", "first and last day", shown, [min(days, default=""), last])

    def distinct(self, only: str) -> int:
        (row,) = self.rows(
            f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?p ?o {{ GRAPH ?g {{ ?s ?p ?o }} {only} }} }}"
        )
        return int(row[0])

    def years(self) -> None:
        """The number of releases of each year, by dateline, else by day of publication."""
        query = """SELECT ?r (MIN(?l) AS ?line) (MIN(STR(?p)) AS ?day) WHERE { GRAPH ?g { ?r a fabio:PressRelease }
            OPTIONAL { GRAPH ?h { ?r schema:dateline ?l } } OPTIONAL { GRAPH ?i { ?r schema:datePublished ?p } }
            } GROUP BY ?r"""
        counted: Counter[str] = Counter()
        for _, line, day in self.rows(query):
            year = re.findall(r"[12]\d\d\d", line) or re.findall(r"^\d{4}", day)
            counted[year[0] if year else "undated"] += 1
        index = self.read("index.html")
        shown = dict(re.findall(r'<a class="year" href="[^"]*">([^<]*)</a> <b>([\d,]+)</b>', index))
        years = {year if year.isdigit() else "undated": _number(n) for year, n in shown.items()}
        self.same("index.html", "years", years, dict(counted))
        self.same(
            "index.html", "all releases", _first_number(r'<p class="num">([\d,]+) releases?\.', index), len(self.slugs)
        )
        for path in sorted(self.site.glob("releases-*.html")):
            if re.fullmatch(r"releases-(\d{4}|undated)\.html", path.name):
                shown_year = _first_number(r'<p class="dl-line">([\d,]+) release', path.read_text(encoding="utf-8"))
                self.same(path.name, "releases of a year", shown_year, counted[path.stem.partition("-")[2]])

    def numbers(self, slug: str) -> dict[str, int]:
        """The numbers that queries find in one release, in which stated and inferred facts are one graph."""
        facts, evidence = f"<{self.base}graph/{slug}>", f"<{self.base}graph/{slug}/evidence>"
        note = "<http://www.w3.org/2004/02/skos/core#editorialNote>"
        a_fact = f"?s ?p ?o FILTER(?p != {note})"
        (row,) = self.rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {facts} {{ {a_fact} }} }}", self.joined)
        (inferred,) = self.rows(
            f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{self.base}graph/{slug}/inferred> {{ {a_fact} }} }}"
        )
        statement = "VALUES ?c { schema:Statement schema:Quotation }"
        uttered = f"GRAPH {facts} {{ ?n a ?d FILTER(?d IN (cmq:ReportedStatement, schema:Quotation)) }}"
        recommended = f"GRAPH {facts} {{ ?n a cmq:PolicyRecommendation }} FILTER NOT EXISTS {{ {uttered} }}"
        apart = f"FILTER NOT EXISTS {{ {recommended} }}"
        no_project = f"FILTER NOT EXISTS {{ GRAPH {facts} {{ ?n a schema:Project }} }}"
        return {
            "fact": int(row[0]),
            "inferred": int(inferred[0]),
            "passage": self.ask(f"GRAPH {evidence} {{ ?p a oa:SpecificResource }}", "?p", self.joined),
            "people": self.ask(f"GRAPH {facts} {{ ?n a schema:Person }}", "?n", self.joined),
            "organisation": self.ask(f"GRAPH {facts} {{ ?n a schema:Organization }} {no_project}", "?n", self.joined),
            "project": self.ask(f"GRAPH {facts} {{ ?n a schema:Project }}", "?n", self.joined),
            "statement": self.ask(f"{statement} GRAPH {facts} {{ ?n a ?c }} {apart}", "?n", self.joined),
            "recommendation": self.ask(recommended, "?n", self.joined),
        }

    def cards(self) -> None:
        for entry in re.findall(r'<article class="entry"[^>]*>(.*?)</article>', self.read("index.html"), re.DOTALL):
            slug = re.findall(r"release/([^/\"]+)/index\.html", entry)[0]
            line = re.findall(r'<p class="num">([\d,]+ facts?.*?)</p>', entry)[0]
            shown = {
                "fact": _first_number(r"([\d,]+) fact", line),
                "inferred": _first_number(r"inferred: ([\d,]+)", line),
                "passage": _first_number(r"([\d,]+) passage", line),
                "people": _first_number(r"([\d,]+) (?:person|people)", line),
                "organisation": _first_number(r"([\d,]+) organisation", line),
                "project": max(_first_number(r"([\d,]+) project", line), 0),
                "statement": _first_number(r"([\d,]+) statement", line),
                "recommendation": max(_first_number(r"([\d,]+) recommendation", line), 0),
            }
            self.map(slug, entry)
            for name, number in self.numbers(slug).items():
                self.same(f"index.html, {slug}", f"card: {name}", shown[name], number)

    def map(self, slug: str, entry: str) -> None:
        """The numbers that the map of a release gives, compared with the page that it leads to."""
        (label,) = re.findall(r'aria-label="(Map[^"]*)"', entry)
        page = self.read(f"release/{slug}/index.html")
        counted = re.findall(r'<p id="p(\d+)"|<p class="over" id="p(\d+)"', page)
        self.same("index.html", "map: paragraphs", max(_first_number(r"([\d,]+) paragraphs?", label), 0), len(counted))
        self.same("index.html", "map: headline", "headline" in label, "facts-of-0" in page)

    def pictures(self) -> None:
        """The numbers that the description of a picture gives, compared with its boxes and lines."""
        for path in sorted(self.site.glob("*/*/index.html")):
            for svg in re.findall(r'<svg class="pic.*?</svg>', path.read_text(encoding="utf-8"), re.DOTALL):
                shown = [
                    _number(n) for n in re.findall(r": ([\d,]+)", svg.partition("<desc")[2].partition("</desc>")[0])
                ]
                broken = svg.count('class="ed inf"')
                drawn = [svg.count("<a "), svg.count('class="ed"') + broken, broken]
                self.same(str(path.parent), "picture: boxes, lines, broken", shown[:3], drawn)

    def release(self, slug: str) -> None:
        path = f"release/{slug}/index.html"
        page, counted = self.read(path), self.numbers(slug)
        (line,) = re.findall(_pattern_of("counts", "facts", "inferred", "passages"), page)
        shown = [_number(n) for n in line]
        self.same(path, "release: facts", shown, [counted["fact"], counted["inferred"], counted["passage"]])
        strips = [_number(n) for n in re.findall(r": ([\d,]+) passages?</span><svg", page)]
        self.same(path, "release: passages of paragraphs", sum(strips), counted["passage"])
        listed = {
            label: body.count("<li>")
            for label, body in re.findall(r'<details id="facts-of-(\d+)">(.*?)</details>', page)
        }
        entries = dict(re.findall(r'href="#facts-of-(\d+)">(?:<bdi>)?¶[^<]*<span>([\d,]+)', page))
        for label, number in entries.items():
            self.same(path, "release: entries of a paragraph", _number(number), listed[label])

    def entities(self) -> None:
        query = """SELECT ?e (COUNT(DISTINCT ?r) AS ?n) WHERE { GRAPH ?g { ?r a fabio:PressRelease }
            GRAPH ?h { ?r schema:about|schema:mentions ?e } } GROUP BY ?e"""  # stated or inferred
        counted = {iri: int(n) for iri, n in self.rows(query)}
        for kind in KINDS:
            for path in sorted(self.site.glob(f"{kind.path}/*/index.html")):
                name = path.parent.relative_to(self.site).as_posix()
                page = path.read_text(encoding="utf-8")
                number = counted.get(self.base + name, 0)
                shown = [_number(n) for n in re.findall(r'data-releases="(\d+)"', page)]
                self.same(name, "entity: releases", shown, [number] if number else [])
                words = re.findall(r'data-releases="\d+">[^<\d]*([\d,]+)[^<\d]*</span>', page)
                self.same(name, "entity: releases in words", [_number(n) for n in words], shown)
                for _, more in re.findall(_pattern_of("more_releases", "n", "all"), page):
                    self.same(name, "entity: more releases", _number(more), number)
                    rest = page.partition('id="h-rel"')[2].partition("</ul>")[0]
                    self.same(name, "entity: releases listed", rest.count("<li>"), number)

    def lists(self) -> None:
        index = self.read("index.html")
        for key, kinds in LISTS.items():
            section = re.findall(rf'aria-labelledby="{key}">(.*?)</section>', index, re.DOTALL)
            conditions = " || ".join(f'STRSTARTS(STR(?e), "{self.base}{kind}/")' for kind in kinds)
            counted = self.ask(f'?e a ?c FILTER(({conditions}) && !CONTAINS(STR(?e), "#"))', "?e")
            if not section:
                self.same("index.html", f"list: {key}", 0, counted)
                continue
            more = re.findall(_pattern_of("all_of", "all"), section[0])
            shown = section[0].count("<li>")
            self.same("index.html", f"list: {key}", _number(more[0]) if more else shown, counted)

    def questions(self) -> None:
        for path in sorted(self.site.glob("queries/*/index.html")):
            page = path.read_text(encoding="utf-8")
            files = path.parent / "result.csv", path.parent / "result.json"
            shown = re.findall(r'<p class="num">(?:[^<]*\s)?([\d,]+) rows?\. ', page)
            if not shown or not files[0].exists():
                continue
            rows = len(list(csv.reader(io.StringIO(files[0].read_text(encoding="utf-8"), newline="")))) - 1
            answer = json.loads(files[1].read_text(encoding="utf-8"))
            self.same(path.parent.name, "question: rows", _number(shown[0]), rows)
            for _, whole in re.findall(_pattern_of("first_rows", "n", "all"), page):
                self.same(path.parent.name, "question: first rows of", _number(whole), rows)
            self.same(path.parent.name, "question: rows as JSON", len(answer["results"]["bindings"]), rows)

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
                counted = properties.get(iri) or kinds.get(iri) or "0"
                self.same("ontology/index.html", "vocabulary: uses", (name, _number(number)), (name, int(counted)))


def _pattern_of(key: str, *numbers: str) -> str:
    """The English words of a key as a pattern, with a group for each number, in the order of the arguments."""
    pattern = re.escape(Words("en")(key, **{name: f"<{n}>" for n, name in enumerate(numbers)}))
    for number, _ in enumerate(numbers):
        pattern = pattern.replace(f"<{number}>", r"([\d,]+)")
    return pattern


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _first_number(pattern: str, text: str) -> int:
    """The number in the first match of a pattern; -1 if there is none."""
    numbers = re.findall(pattern, text)
    return _number(numbers[0]) if numbers else -1


def compare(site: Path, base: str) -> Counting:
    """Compare all numbers of a publication."""
    counting = Counting(site, base)
    counting.everything()
    return counting


if __name__ == "__main__":
    comparison = compare(Path(sys.argv[1]), sys.argv[2])
    print("\n".join(comparison.wrong))
    number = sum(comparison.compared.values())
    print(f"{number} numbers compared, {len(comparison.wrong)} differ:", dict(comparison.compared))
