"""A kind of page is added in the files that CONTRIBUTING.md names, in a copy of the repository."""

from __future__ import annotations

import json
import re

import pytest

from tests.checkout import Checkout
from tests.conftest import ROOT, SLUG

PAGE = """\
{% extends "base.html" %}

{% block title %}{{ w('thanks') }} – {{ site_title }}{% endblock %}

{% block main %}
  <div class="head">
    <h1>{{ w('thanks') }}</h1>
    <p class="big">{{ w('thanks_lead', n=w.number(total)) }}</p>
  </div>

  <p><a href="{{ local('data.html') }}">{{ w('nav.data') }}</a></p>
{% endblock %}
"""
WORDS = {
    "thanks": {"en": "Thanks", "kk": "Алғыс", "ru": "Благодарности"},
    "thanks_lead": {"en": "Releases: {n}.", "kk": "Релиздер: {n}.", "ru": "Релизов: {n}."},
    "nav.thanks": {"en": "Thanks", "kk": "Алғыс", "ru": "Благодарности"},
}
SITE = "src/communique/publish/site"
TABLE = "src/communique/publish/words.json"
TESTS = ["tests/test_templates.py", "tests/test_wordcheck.py", "tests/test_linters.py", "-m", "not slow"]
NO_SCRIPTS = ["-k", "not scripts"]  # node_modules is not copied


def add_words(checkout: Checkout, *keys: str) -> None:
    words = json.loads(checkout.read(TABLE)) | {key: WORDS[key] for key in keys}
    checkout.write(TABLE, json.dumps(words, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def section() -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return text.partition("## Add a kind of page\n")[2].partition("\n## ")[0]


def test_the_recipe_names_the_files_and_the_tests_that_are_used_here() -> None:
    named = re.findall(r"(?m)^\|(?: a module such as)? `(\S+)` \|", section())
    assert named == [
        f"{SITE}/templates/<name>.html", f"{SITE}/newsroom.py", TABLE, f"{SITE}/pages.py", "tests/test_site.py",
    ]  # fmt: skip
    *words, marker = TESTS
    assert f'pytest -q {" ".join(words)} "{marker}"\n' in section()


@pytest.mark.slow
def test_a_page_is_added_in_the_files_that_the_recipe_names(checkout: Checkout) -> None:
    checkout.write(f"{SITE}/templates/thanks.html", PAGE)
    assert checkout.failed(*TESTS, *NO_SCRIPTS) == [
        "test_every_place_in_a_text_is_filled_in_where_it_is_asked_for",
        "test_every_template_is_read_by_a_page_or_by_another_template",
        "test_every_word_that_the_code_or_a_template_asks_for_is_in_the_table",
    ]
    before = "        self._questions(order, entities, answers, watch)\n"
    page = 'Page("thanks.html", "thanks.html", {"total": len(order)}, "thanks")'
    checkout.replace(f"{SITE}/newsroom.py", before, f"        self._put({page})\n{before}")
    checkout.replace(f"{SITE}/pages.py", '    ("data", "data.html"),\n', ROWS)
    add_words(checkout, "thanks", "thanks_lead")
    refused = checkout.communique("build", "--out", "public", "-q")
    assert refused.returncode == 2 and "nav.thanks" in refused.stderr and "Traceback" not in refused.stderr
    add_words(checkout, "nav.thanks")
    assert checkout.failed(*TESTS, *NO_SCRIPTS) == []

    built = checkout.communique("build", "--out", "public", "-q", "-j", "1")
    assert built.returncode == 0, built.stdout + built.stderr
    for suffix, tag in (("", "en"), (".ru", "ru"), (".kk", "kk")):
        made = checkout.read(f"public/thanks{suffix}.html")
        lead = WORDS["thanks_lead"][tag].format(n=1)
        title, menu = WORDS["thanks"][tag], WORDS["nav.thanks"][tag]
        assert f'<div class="head"><h1>{title}</h1><p class="big">{lead}</p></div>\n<p><a href="data{suffix}' in made
        assert f'<a href="thanks{suffix}.html" aria-current="true">{menu}</a>' in made
        release = checkout.read(f"public/release/{SLUG}/index{suffix}.html")
        assert f'<a href="../../thanks{suffix}.html">{menu}</a>' in release
    assert "/thanks.html</loc>" in checkout.read("public/sitemap.xml")
    assert '"thanks.html"' in checkout.read("public/manifest.json")


ROWS = '    ("thanks", "thanks.html"),\n    ("data", "data.html"),\n'
