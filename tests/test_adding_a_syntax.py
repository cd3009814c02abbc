"""The recipe "Add a syntax" of CONTRIBUTING.md can be followed: it makes a syntax in the files that it names."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from tests.checkout import Checkout
from tests.conftest import SLUG

TABLE = "src/communique/publish/words.json"
ROW = """        Format(
            name="n3",
            title="Notation3",
            suffix="notation",
            media_type="text/n3",
            writer="communique.export.n3:render_n3",
        ),
"""
WRITER = '''"""Notation3, one statement a line."""

from __future__ import annotations

from pyoxigraph import RdfFormat, serialize

from communique.export.document import Document
from communique.export.grouped import GroupedQuads


def render_n3(quads: GroupedQuads, document: Document) -> bytes:
    """Notation3 without prefixes."""
    triples = {quad.triple for quad in quads.quads}
    return b"".join(sorted(serialize([triple], format=RdfFormat.N3) or b"" for triple in triples))
'''
WORDS = {"en": "for programs that reason", "kk": "ой қорытатын бағдарламаларға", "ru": "для программ с выводом"}
TESTS = [f"tests/test_{name}.py" for name in ("formats", "export_rdf", "wordcheck")]
QUICK = ["-m", "not slow", "-k", "not any_graph and not hostile"]


@pytest.mark.slow
def test_a_syntax_is_added_in_the_files_that_the_recipe_names(checkout: Checkout) -> None:
    checkout.replace(
        "src/communique/formats.py",
        "        JSON_LD,\n",
        f"{ROW}        JSON_LD,\n",
    )
    refused = checkout.communique("export", SLUG, "--format", "n3")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        "communique: the format 'n3' cannot be written: its writer communique.export.n3:render_n3 is missing "
        "(No module named 'communique.export.n3')\n"
    )
    checkout.write("src/communique/export/n3.py", WRITER)
    assert checkout.communique("build", "--out", "public", "-q").stderr == (
        "communique: words.json has no 'download.n3', which formats.py needs: add it in en, ru, kk\n"
    )
    failed = checkout.failed(*TESTS, *QUICK)
    assert {
        "test_every_row_of_the_table_is_tried_here",
        "test_every_syntax_has_words_in_every_language_of_the_pages",
        "test_every_syntax_is_named_in_the_documentation_in_its_order",
    } <= set(failed)
    words = json.loads(checkout.read(TABLE)) | {"download.n3": WORDS}
    checkout.write(TABLE, json.dumps(words, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    old = '    "jsonld": ox.RdfFormat.JSON_LD,\n'
    checkout.replace("tests/test_export_rdf.py", old, f'    "n3": ox.RdfFormat.N3,\n{old}')
    checkout.replace("README.md", "RDF/XML, JSON-LD or", "RDF/XML, Notation3, JSON-LD or")
    checkout.replace("docs/hosting.md", "RDF/XML or JSON-LD", "RDF/XML, Notation3 or JSON-LD")
    checkout.replace("docs/hosting.md", "RDF/XML, JSON-LD;", "RDF/XML, Notation3, JSON-LD;")
    checkout.replace("docs/data.md", "nt,rdf,jsonld}", "nt,rdf,notation,jsonld}")
    assert checkout.failed(*TESTS, *QUICK) == []
    assert "n3|jsonld" in "".join(checkout.communique("export", "--help").stdout.split())
    assert checkout.communique("build", "--out", "public", "-q").returncode == 0
    folder = f"public/release/{SLUG}"
    made = set(ox.parse(checkout.read(f"{folder}/index.notation"), format=ox.RdfFormat.N3))
    assert made == set(ox.parse(checkout.read(f"{folder}/index.ttl"), format=ox.RdfFormat.TURTLE))
    page = checkout.read(f"{folder}/index.html")
    assert '<link rel="alternate" type="text/n3" href="index.notation">' in page and WORDS["en"] in page
    for rules in ("nginx.conf", "nginx.http.conf", "apache.htaccess", "Caddyfile", "netlify/_headers"):
        assert "text/n3" in checkout.read(f"public/server/{rules}").replace("text\\/n3", "text/n3"), rules
