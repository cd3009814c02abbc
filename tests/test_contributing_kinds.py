"""The recipes of CONTRIBUTING.md for a kind of thing and for a property, followed in a copy of the repository."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import Checkout
from tests.conftest import ROOT, record_of

CONTEXT, KINDS, WORDS = "ontology/context.jsonld", "src/communique/kinds.py", "src/communique/publish/words.json"
EXAMPLES = "ontology/keys.json"
PINNED, CASES = "tests/data/schemaorg-30.0.json", "tests/shapes/test_shape_cases.py"
PREFIXES = """\
@prefix cmqsh: <https://w3id.org/communique/shapes#> .
@prefix https: <https://schema.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <http://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
QUICK = ["-m", "not slow and not browser and not stores"]
ABOUT_SHAPES = [
    "tests/shapes",
    "-k",
    "number or documentation or context or every_rule or case_breaks or constraint or wrong_namespace",
]
WITHOUT_A_RULE = [
    "test_every_class_and_property_of_the_context_is_targeted_or_constrained",
    "test_every_term_of_schema_org_is_refused_in_the_wrong_namespace",
]
ABOUT_TERMS = [f"tests/test_{name}.py" for name in ("kinds", "keys", "wordcheck", "ontology")]


def add_to(checkout: Checkout, name: str, rows: dict[str, Any], inside: str = "") -> None:
    """Add rows to a table in JSON that is sorted by its keys."""
    table = json.loads(checkout.read(name))
    (table[inside] if inside else table).update(rows)
    text = json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True)
    checkout.write(name, text + "\n")


def add_cases(checkout: Checkout, group: str, cases: str) -> None:
    """Add cases that break rules of shapes to a file, and to their number."""
    path = f"tests/shapes/{group}.trig"
    head = (ROOT / "tests/shapes/place.trig").read_text(encoding="utf-8").partition("<case:")[0]
    checkout.write(path, (checkout.read(path) if (checkout.folder / path).exists() else head) + cases)
    text = checkout.read(CASES)
    number = int(re.findall(r"NUMBER_OF_CASES = (\d+)", text)[0])
    more = number + cases.count("<case:")
    checkout.write(CASES, text.replace(f"NUMBER_OF_CASES = {number}", f"NUMBER_OF_CASES = {more}"))


def newsroom(checkout: Checkout, text: str, *nodes: dict[str, Any]) -> Path:
    """A newsroom of one release, inside the copy; its data."""
    data = checkout.folder / "sample/data"
    about = "title: Sample\nlicense: https://example.org/l\npublisher: {name: Sample}\ncontact: a@example.org\n"
    checkout.write("sample/data/dataset.yaml", about)
    checkout.write("sample/data/releases/sample/source.txt", text)
    checkout.write("sample/data/releases/sample/record.yaml", json.dumps(record_of(*nodes)))
    return data


def build(checkout: Checkout, data: Path) -> str:
    """What a build of the copy complains of; "" if it succeeds."""
    return checkout.communique("build", "--data", str(data), "--out", "public", "-q", "-j", "1").stderr


PUMP = {"id": "product/pump", "type": "Product", "name": "Sample Pump", "evidence": "the Sample Pump"}


@pytest.mark.slow
def test_a_kind_is_added_in_the_files_that_the_recipe_names(checkout: Checkout) -> None:
    data = newsroom(checkout, "Headline\nIt was dug with the Sample Pump.\n", PUMP)
    row = '    Kind("product", "work", "products", "products"),\n    Kind("place"'
    checkout.replace(KINDS, '    Kind("place"', row)
    wide = '    NodeClass(3, "schema:Legislation"'
    checkout.replace(KINDS, wide, f'    NodeClass(2, "schema:Product", "product"),\n{wide}')
    assert build(checkout, data).startswith(
        "communique: kinds.py: context.jsonld has no class schema:Product: add it there"
    )
    checkout.replace(CONTEXT, '    "Report": ', '    "Product": "schema:Product",\n    "Report": ')
    assert build(checkout, data) == (
        "communique: words.json has no 'one.product', which kinds.py needs: add it in en, ru, kk (2 more like this)\n"
    )
    assert not (checkout.folder / "public").exists()
    one = {"en": "Product", "kk": "Өнім", "ru": "Продукт"}
    many = {"en": "Products", "kk": "Өнімдер", "ru": "Продукты"}
    add_to(checkout, WORDS, {"one.product": one, "list.products": many, "sec.products": many})
    assert build(checkout, data) == ""
    assert checkout.failed(*ABOUT_TERMS, *QUICK) == [
        "test_every_key_and_class_has_an_example_and_no_other",
        "test_every_key_and_class_of_the_context_is_a_known_term",
        "test_every_kind_is_named_in_the_guide_to_records",
        "test_every_schema_org_term_in_use_exists_in_release_30",
        "test_the_example_of_a_class_compiles",
        "test_the_page_of_keys_is_current",
    ]
    add_to(checkout, EXAMPLES, {"Product": "{id: product/pump, type: Product, name: Sample Pump}"}, "classes")
    assert checkout.run("-m", "tests.tools.write_keys_page").returncode == 0
    assert checkout.failed(*ABOUT_SHAPES) == WITHOUT_A_RULE
    checkout.write(
        "shapes/product.ttl",
        f"# Products.\n{PREFIXES}\ncmqsh:product-name a sh:PropertyShape ;\n    sh:targetClass schema:Product ;\n"
        '    sh:path schema:name ; sh:minCount 1 ;\n    sh:severity sh:Violation ; sh:name "name of the product" ;\n'
        '    sh:message "Give the product a name, in words of the text: name: …" .\n\n'
        "cmqsh:schema-class sh:targetClass https:Product .\n",
    )
    broken = "<case:product-name> { :x a schema:Product . }\n<case:schema-class/product> { :x a https:Product . }\n"
    add_cases(checkout, "product", broken)
    assert checkout.run(CASES).returncode == 0
    add_to(checkout, PINNED, {"Product": {"kind": "class", "superclasses": ["Thing"]}}, "terms")
    checkout.replace("docs/record.md", "(`release person org ", "(`release person org product ")
    assert checkout.failed(*ABOUT_SHAPES) == []
    assert checkout.failed(*ABOUT_TERMS, *QUICK) == []
    assert build(checkout, data) == ""
    front = checkout.read("public/index.html")
    assert '<h2 id="products">Products</h2>' in front and "Sample Pump" in front
    assert "<title>Sample Pump – Product</title>" in checkout.read("public/product/pump/index.html")
    assert "<product/pump> a schema:Product ;" in checkout.read("public/product/pump/index.ttl")
    assert 'id="s-products"' in checkout.read("public/release/sample/index.html")
    assert "/product/:name/" in checkout.read("public/server/netlify/_headers")


SOCIETY = {
    "id": "org/society", "type": "Organization", "name": "Sample Society", "dissolutionDate": "2019-05-16",
    "evidence": {"*": "The Sample Society", "dissolutionDate": "dissolved on 16 May 2019"},
}  # fmt: skip


@pytest.mark.slow
def test_a_property_is_added_in_the_files_that_the_recipe_names(checkout: Checkout) -> None:
    data = newsroom(checkout, "Headline\nThe Sample Society, dissolved on 16 May 2019, dug a well.\n", SOCIETY)
    assert "unknown-key" in checkout.communique("check", "--data", str(data)).stdout
    key = '    "parentOrganization": '
    checkout.replace(
        CONTEXT, key, f'    "dissolutionDate": {{"@id": "schema:dissolutionDate", "@type": "xsd:date"}},\n{key}'
    )
    assert build(checkout, data).startswith(
        "communique: words.json has no 'p.dissolutionDate', which ontology/context.jsonld needs: add it in en, ru, kk"
    )
    label = {"en": "dissolved on:", "kk": "таратылған күні:", "ru": "дата роспуска:"}
    add_to(checkout, WORDS, {"p.dissolutionDate": label})
    assert checkout.failed(*ABOUT_TERMS, *QUICK) == [
        "test_every_key_and_class_has_an_example_and_no_other",
        "test_every_key_and_class_of_the_context_is_a_known_term",
        "test_every_schema_org_term_in_use_exists_in_release_30",
        "test_the_page_of_keys_is_current",
    ]
    add_to(checkout, EXAMPLES, {"dissolutionDate": {"example": "dissolutionDate: 2019-05-16"}}, "keys")
    assert checkout.run("-m", "tests.tools.write_keys_page").returncode == 0
    assert checkout.failed(*ABOUT_SHAPES) == WITHOUT_A_RULE
    shape = (
        "\ncmqsh:dissolution-date a sh:PropertyShape ;\n    sh:targetSubjectsOf schema:dissolutionDate ;\n"
        "    sh:path schema:dissolutionDate ; sh:maxCount 1 ;\n"
        '    sh:severity sh:Violation ; sh:name "one day of dissolution" ;\n'
        '    sh:message "Write one day on which it was dissolved: dissolutionDate: 2014-12-29" .\n'
        "@prefix https: <https://schema.org/> .\ncmqsh:schema-property sh:targetSubjectsOf https:dissolutionDate .\n"
    )
    checkout.write("shapes/organization.ttl", checkout.read("shapes/organization.ttl") + shape)
    two = '<case:dissolution-date> { :o schema:dissolutionDate "2014-12-29" , "2014-12-30" . }\n'
    add_cases(checkout, "place", two)
    assert checkout.run(CASES).returncode == 0
    term = {"kind": "property", "domainIncludes": ["Organization"], "rangeIncludes": ["Date"]}
    add_to(checkout, PINNED, {"dissolutionDate": term}, "terms")
    assert checkout.failed(*ABOUT_SHAPES) == []
    assert checkout.failed(*ABOUT_TERMS, *QUICK) == []
    assert build(checkout, data) == ""
    page = checkout.read("public/org/society/index.html")
    assert '<b class="p">dissolved on:</b>' in page and '<time datetime="2019-05-16">16 May 2019</time>' in page
    assert 'schema:dissolutionDate "2019-05-16"^^xsd:date' in checkout.read("public/org/society/index.ttl")
