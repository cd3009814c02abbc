"""A text that is not YAML: each kind of fault has its own sentence, at its own place, with either loader of PyYAML."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.read import nodes, yamlld
from communique.read.yamlld import read_yaml
from tests.conftest import DATA, SLUG


@pytest.fixture(params=["libyaml", "pure"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both loaders of PyYAML, whose words differ."""
    monkeypatch.setattr(yamlld, "_read_plain", lambda text: None)
    if request.param == "pure":
        monkeypatch.setattr(nodes, "_Loader", yaml.Loader)
    nodes.compose.cache_clear()
    return str(request.param)


FAULTS = [
    ("a:\n\tb: c\n", 2, 1, "this line begins with a tab", "put spaces"),
    ("a:\n  \tb: c\n", 2, 3, "this line begins with a tab", "put spaces"),
    ("a:\n  - \tb: c\n", 2, 5, "this line begins with a tab", "put spaces"),
    ("a:\n  - : b\n    c: d\n", 2, 5, "there is no key before", "write key: value"),
    ("a: [!b c]\n", 1, 5, "!", "quot"),
    ("graph:\n  - name: The bridge: a report\n", 2, 21, "a colon and a space", 'write name: "The bridge: a report"'),
    ("a: said:\n", 1, 8, "a colon and a space", 'write a: "said:"'),
    ('a: the "b": c\n', 1, 11, "a colon and a space", "put it into quotation marks"),
    ("a: {b: c: d}\n", 1, 9, "a text with a colon", "put it into quotation marks"),
    ('a: "Dam opened\nb: c\n', 1, 4, "is never closed", "close it"),
    ("a: 'Dam opened\nb: c\n", 1, 4, "is never closed", "close it"),
    ("a: 'Sample's bridge'\nb: c\n", 1, 12, "after the closing quotation mark", "write '' for '"),
    ('a: "the "new" bridge"\n', 1, 10, "after the closing quotation mark", 'write \\" for "'),
    ('a: "b" c\n', 1, 8, "after the closing quotation mark", "other kind"),
    ("a:\n    b: c\n  d: e\n", 3, 3, "begins after 2 spaces", "same number of spaces"),
    ("a: b\n  c: d\n", 2, 3, "indented more than the line above", "same number of spaces"),
    ("graph:\n  - id: x\n     type: y\n", 3, 6, "indented more than the line above", "same number of spaces"),
    ("graph:\n  - id: x\n   type: y\n", 3, 4, "begins after 3 spaces", "same number of spaces"),
    ("a: b\n- c\n", 2, 1, "there is an item of a list among keys", "a key of its own"),
    ("- c\na: b\n", 2, 1, "there is a key among the items", "begin it with -"),
    ("a:\n  - b\n  c: d\n", 3, 3, "there is a key among the items", "begin it with -"),
    ("a: @b\n", 1, 4, "cannot begin with @", '"@…"'),
    ("a: `b`\n", 1, 4, "cannot begin with `", '"`…"'),
    ("a: %b\n", 1, 4, "cannot begin with %", '"%…"'),
    ("%b: c\n", 1, 1, "cannot begin with %", '"%…"'),
    ("evidence: {*: b}\n", 1, 12, "cannot begin with *", '"*…"'),
    ("a: ,b\n", 1, 4, "cannot begin with ,", '",…"'),
    ("a: >b\n", 1, 4, "the text begins on the next line", "begin a new line"),
    ("a: |b\n", 1, 4, "the text begins on the next line", "begin a new line"),
    ("a: [b, c #d]\n", 1, 10, "# begins a comment", "quotation marks"),
    ("a: [b, c\nd: e\n", 1, 4, "the bracket [ is never closed", "close it"),
    ("a: {b: c\nd: e\n", 1, 4, "the bracket { is never closed", "close it"),
    ("a: [Draft 2] dam\n", 1, 14, "after the closing bracket", "needs quotation marks"),
    ("a:b\nc: d\n", 1, 2, "there is no space after this colon", "write key: value"),
    ("a text\n# more\nb: c\n", 3, 1, "neither a key with its value nor a comment", "a comment with #"),
    ('a: "C:\\q"\n', 1, 7, "backslash", "two backslashes"),
    ("a: - b\n", 1, 4, "a list cannot begin in the line of its key", "new line"),
    ("graph:\n  - id: x\n    type Person\n    name: y\n", 3, 5, "neither a key with its value", "key: value"),
    ("a: some text\nthat goes on\nb: c\n", 2, 1, "neither a key with its value", "quotation marks"),
    ("a: b\na: c\n", 2, 1, "the key 'a' occurs twice", "keep one"),
]


@pytest.mark.parametrize(("text", "line", "column", "message", "fix"), FAULTS)
def test_each_fault_has_its_own_sentence_at_its_own_place(
    loader: str, text: str, line: int, column: int, message: str, fix: str
) -> None:
    value, (finding,) = read_yaml(text.encode(), "record.yaml")
    assert value is None
    assert message in finding.message and fix in (finding.fix or "")
    assert (finding.line, finding.column) == (line, column)


def test_the_sentences_are_of_many_kinds() -> None:
    assert len({message for *_, message, _ in FAULTS}) > 20


RECORD = (DATA / "releases" / SLUG / "record.yaml").read_text(encoding="utf-8")


@given(
    st.integers(0, len(RECORD) - 1),
    st.sampled_from(["\t", ": ", '"', "'", "[", "}", "- ", " #", "@", "\n ", "\n", "%", "*"]),
)
@settings(max_examples=150, deadline=None)
def test_any_sign_put_into_a_record_is_read_or_is_explained(at: int, sign: str) -> None:
    value, findings = read_yaml((RECORD[:at] + sign + RECORD[at:]).encode(), "record.yaml")
    assert value is not None or all(f.line > 0 and f.message and not f.message.startswith("not YAML") for f in findings)
