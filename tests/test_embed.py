"""JSON-LD embedded in existing pages: in the right place, every other byte unchanged, the same if done twice."""

from __future__ import annotations

import codecs
import json
import shutil
import stat
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.api import Newsroom
from communique.errors import OutputError
from communique.iris import release_iri
from communique.terms import DEFAULT_BASE
from communique.webpage.embed import MARKER, Embedded, embed
from communique.webpage.html import MAX_PAGE_BYTES, read_tokens
from tests.conftest import DATA, ROOT, SLUG

CASES = Path(__file__).parent / "data" / "pages"
HERE = "☞"
RELEASE = "https://example.org/id/release/sample"
JSONLD = '{\n "@id": "x",\n "name": "Қазақстан №5 \U0001f3db"\n}\n'.encode()
XHTML = "{http://www.w3.org/1999/xhtml}"
ENCODINGS = {
    "utf-8": b"", "utf-8-sig": b"", "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE,
    "windows-1251": b"", "koi8-r": b"", "iso-8859-5": b"", "windows-1252": b"", "shift_jis": b"", "gb18030": b"",
    "big5": b"", "euc-kr": b"",
}  # fmt: skip
"""Encodings, each with the byte order mark that its page begins with in these tests (utf-8-sig writes its own)."""


def into(page: bytes | str, jsonld: bytes = JSONLD) -> Embedded:
    return embed(page.encode() if isinstance(page, str) else page, jsonld, release=RELEASE)


def without_inserted(made: bytes, page: bytes) -> bytes:
    """``made`` without the one run of bytes that was inserted into ``page``."""
    same = next((n for n, (a, b) in enumerate(zip(made, page, strict=False)) if a != b), min(len(made), len(page)))
    return made[:same] + made[same + len(made) - len(page) :]


def read_by_html5lib(text: str, *, scripting: bool = True) -> list[Any]:
    """The JSON of all our scripts that a tree builder finds as HTML elements, not inside SVG or a template."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
    tree = parser.parse(text, scripting=scripting)
    marked = [element for element in tree.iter() if element.get(MARKER) == RELEASE]
    assert all(element.tag == f"{XHTML}script" for element in marked)
    return [json.loads(element.text or "") for element in marked]


# ---- the place


EMBEDDED = sorted((CASES / "embed").glob("*.html"))
SENTENCES: dict[str, str] = json.loads((CASES / "refused" / "sentences.json").read_text(encoding="utf-8"))


def test_the_folders_of_cases_are_whole() -> None:
    assert len(EMBEDDED) == 34
    assert len(SENTENCES) == 25
    assert {path.stem for path in (CASES / "refused").glob("*.html")} == set(SENTENCES)


@pytest.mark.parametrize("path", EMBEDDED, ids=lambda path: path.stem)
def test_the_script_stands_before_the_true_end_tag_and_nothing_else_changes(path: Path) -> None:
    marked = path.read_bytes().decode()
    page = marked.replace(HERE, "")
    made = into(page)
    before, after = (part.encode() for part in marked.split(HERE))
    assert not made.replaced
    assert made.page.startswith(before + f'<script type="application/ld+json" {MARKER}="{RELEASE}">'.encode())
    assert made.page.endswith(b"</script>" + line_end(page) + after)
    assert without_inserted(made.page, page.encode()) == page.encode()
    again = into(made.page)
    assert (again.page, again.replaced) == (made.page, True)
    for scripting in (True, False):
        if "<template" not in page:  # html5lib 1.1 does not know templates
            assert read_by_html5lib(made.page.decode(), scripting=scripting) == [json.loads(JSONLD)]


def line_end(page: str) -> bytes:
    return b"\r\n" if "\r\n" in page else b"\r" if "\r" in page else b"\n"


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_a_page_where_the_place_is_not_certain_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(OutputError) as refused:
        into((CASES / "refused" / f"{name}.html").read_bytes())
    assert SENTENCES[name] in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "page, sentence",
    [
        ("<body>текст</body>".encode("utf-16-le"), "NUL bytes"),
        (codecs.BOM_UTF16_LE + b"<\0b\0>", "not: save it as UTF-8"),
        (codecs.BOM_UTF16_LE + "<body>\0</body>".encode("utf-16-le"), "NUL characters"),
        (codecs.BOM_UTF32_LE + "<body></body>".encode("utf-32-le"), "NUL characters"),
        (b"\x89PNG\r\n\x1a\n\0\0", "NUL bytes"),
        (b"<p>" + b" " * MAX_PAGE_BYTES, "at most 16 MiB are read"),
        ('<meta charset="cp500"><p>', "declared as cp500"),
        ('<?xml version="1.0" encoding="cp037"?><p>', "declared as cp037"),
    ],
)
def test_bytes_that_cannot_be_edited_safely_are_refused(page: bytes | str, sentence: str) -> None:
    with pytest.raises(OutputError, match=sentence):
        into(page)


_TAGS = """
    html body head p div b script style title textarea svg g desc foreignObject math mi table tr td select option
    noscript iframe xmp form button object a br img col caption BODY SCRIPT
"""
_PIECES = r"""<!-- --> --!> <!--> <![CDATA[ ]]> <?php <!doctype+html> <!x <svg/> <g/> <a+title=" <a+title=' " ' > < </
    /> = text + <ul><li> </HTML+>"""
ATOMS = [f"<{close}{tag}>" for tag in _TAGS.split() for close in ("", "/")]
ATOMS += [piece.replace("+", " ") for piece in _PIECES.split()]


@settings(max_examples=600)
@given(st.lists(st.sampled_from(ATOMS), max_size=16), st.booleans())
def test_a_tree_builder_finds_it_in_any_soup_of_tags_that_is_not_refused(atoms: list[str], closed: bool) -> None:
    page = "<!doctype html><body>" + "".join(atoms) + ("</body></html>" if closed else "")
    try:
        made = into(page)
    except OutputError:
        return
    assert without_inserted(made.page, page.encode()) == page.encode()
    assert into(made.page).page == made.page
    for scripting in (True, False):
        assert read_by_html5lib(made.page.decode(), scripting=scripting) == [json.loads(JSONLD)]


def test_soup_is_not_always_refused() -> None:
    taken = 0
    for first in ATOMS:
        for second in ATOMS:
            try:
                into(f"<body>{first}{second}</body>")
                taken += 1
            except OutputError:
                pass
    assert taken > len(ATOMS) ** 2 / 3


# ---- bytes and encodings


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, str, bool]:
    encoding = draw(st.sampled_from(sorted(ENCODINGS)))
    codec = "utf-8" if encoding.startswith("utf-") else encoding
    words = st.text(st.characters(codec=codec, exclude_characters="<\0\x1b\u3164\xa5\u203e"), max_size=30)
    ends = st.sampled_from(["\n", "\r\n", "\r"])
    lines = draw(st.lists(st.tuples(words, ends), max_size=6))
    declared = draw(st.booleans())
    head = f'<meta charset="{encoding.removesuffix("-sig")}">' if declared else ""
    tail = draw(st.sampled_from(["", "</body>", "</body></html>", "  </body>\n</html>\n", "</HTML>", "</BODY >junk"]))
    return f"<title>t</title>{head}<body>" + "".join(word + end for word, end in lines) + tail, encoding, declared


@pytest.mark.slow
@settings(max_examples=400)
@given(pages())
def test_any_page_in_any_encoding_keeps_its_bytes_and_gives_the_json(drawn: tuple[str, str, bool]) -> None:
    text, encoding, declared = drawn
    page = ENCODINGS[encoding] + text.encode(encoding)
    made = into(page).page
    assert without_inserted(made, page) == page
    assert into(made).page == made
    codec = encoding.removesuffix("-le").removesuffix("-be") if ENCODINGS[encoding] else encoding
    assert read_by_html5lib(made.decode(codec).replace("\0", "")) == [json.loads(JSONLD)]
    certain = encoding == "utf-8-sig" or bool(ENCODINGS[encoding]) or (encoding == "utf-8" and declared)
    if not certain:
        for other in ("utf-8", "windows-1251", "koi8-r", "latin-1", "shift_jis"):
            assert read_by_html5lib(made.decode(other, "replace")) == [json.loads(JSONLD)]


def test_a_page_that_is_utf_8_for_certain_gets_the_bytes_of_the_export() -> None:
    for page in ('<meta charset="UTF-8"><p>№</p>\n'.encode(), codecs.BOM_UTF8 + "<p>№</p>\n".encode()):
        assert b'">\n' + JSONLD + b"</script>\n" in into(page).page
    for page in (b"<p>x</p>\n", '<meta charset="utf-8"><p>№</p>\n'.encode("windows-1251"), "<p>№</p>\n".encode()):
        made = into(page).page
        assert made[len(page) :].isascii()
        assert b"\\u2116" in made


def test_encodings_are_declared_in_every_way_that_html_has() -> None:
    for head in (
        '<meta charset="utf-8">',
        "<META CHARSET = UTF-8 >",
        "<meta http-equiv=content-type content='text/html; charset=utf8'>",
        '<?xml version="1.0" encoding="UTF-8"?><html>',
    ):
        assert "№5".encode() in into(head + "<body></body>").page
    for head in ("<!-- <meta charset=utf-8> -->", " " * 1024 + "<meta charset=utf-8>", "<meta charset=nonsense>"):
        assert b"\\u21165" in into(head + "<body></body>").page
    for label in ("utf-16", "rot13", "base64"):  # WHATWG: what cannot be true is not believed
        assert b"\\u21165" in into(f"<meta charset={label}><body></body>").page


def test_the_line_ends_are_those_of_the_page() -> None:
    for end in ("\n", "\r\n", "\r"):
        made = into(f"<body>{end}<p>{end}</body>{end}").page.decode()
        assert made.replace(end, "").isprintable()
        assert made.count(end) == 9


def test_an_iri_with_signs_is_written_as_an_attribute_can_hold_it() -> None:
    iri = 'https://example.org/ü?a=1&b="2"'
    made = embed(b"<body></body>", b"{}\n", release=iri).page
    assert made.isascii()
    start = next(t for t in read_tokens(made.decode()) if t.name == "script")
    assert start.attributes[MARKER] == iri
    assert unescape(made.decode()).count(iri) == 1
    assert embed(made, b"{}\n", release=iri).page == made


def test_json_that_is_not_safe_in_a_script_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="must not hold"):
        into("<body>", b'{"name": "</script>"}')


# ---- done again


def test_an_older_form_is_replaced_where_it_stands() -> None:
    page = into("<body>\n<p>one\n</body>\n", b'{"old": true}\n').page.replace(b"<p>one\n", b"")
    moved = page.replace(b"</body>", b"<p>two\n</body>")
    made = into(moved)
    assert made.replaced
    escaped = json.dumps(json.loads(JSONLD), indent=1).encode()
    assert made.page == moved.replace(b'{"old": true}', escaped)


@pytest.mark.parametrize(
    "page, whole",
    [
        ("<body>\n</body>\n</html>\nOLD\n<!-- x -->\n", "<body>\nNEW\n</body>\n</html>\n<!-- x -->\n"),
        ("<body>\n<template>OLD</template>\n</body>\n", "<body>\n<template></template>\nNEW\n</body>\n"),
        ("<body>\n<noscript>\nOLD\n</noscript>\n</body>\n", "<body>\n<noscript>\n</noscript>\nNEW\n</body>\n"),
        ("<body>\n<p>OLD</p>\n</body>\n", "<body>\n<p>NEW</p>\n</body>\n"),
        ("<!-- OLD --><body>\n</body>\n", "<!-- OLD --><body>\nNEW\n</body>\n"),
        ("<textarea>OLD", None),
    ],
)
def test_what_readers_would_miss_is_moved_and_what_is_no_script_is_left(page: str, whole: str | None) -> None:
    element = f'<script type="application/ld+json" {MARKER}="{RELEASE}">\n{{"a": 1}}\n</script>'
    older = element.replace("1", "0")
    if whole is None:
        with pytest.raises(OutputError):
            into(page.replace("OLD", older), b'{"a": 1}\n')
        return
    if "noscript" in page:  # readers that run scripts and others see different old scripts
        with pytest.raises(OutputError, match="noscript"):
            into(page.replace("OLD", older), b'{"a": 1}\n')
        return
    made = into(page.replace("OLD", older), b'{"a": 1}\n').page.decode()
    assert made == whole.replace("NEW", element).replace("OLD", older)
    assert into(made, b'{"a": 1}\n').page.decode() == made


def test_hand_made_json_ld_about_the_release_is_reported_and_left() -> None:
    by_hand = f'<script type="application/ld+json">{{"@graph": [{{"@id": "{RELEASE}", "headline": "№"}}]}}</script>'
    page = f"<meta charset=utf-8>\n<body>\n{by_hand}\n</body>\n"
    for coded in (page.encode(), codecs.BOM_UTF16_LE + page.encode("utf-16-le")):
        made = into(coded)
        (warning,) = made.warnings
        assert warning.startswith(f"line 3: another script of JSON-LD describes {RELEASE} too")
        assert without_inserted(made.page, coded) == coded
        assert into(made.page).warnings == made.warnings
    silent = [(', "headline": "№"', ""), ("sample", "other"), ("]", ""), ('"№"', "[" * 100_000)]
    for old, new in silent:
        assert old in by_hand
        assert into(page.replace(by_hand, by_hand.replace(old, new))).warnings == ()


# ---- the real release, as others read it


def exported(real: Newsroom, *, nested: bool = False) -> bytes:
    return real.export([SLUG], "page-jsonld", nested=nested)


@pytest.mark.parametrize("nested", [False, True])
def test_html5lib_and_extruct_read_the_graph_of_the_export(real: Newsroom, nested: bool) -> None:
    import extruct  # slow to load

    jsonld = exported(real, nested=nested)
    page = '<html><head><meta charset="koi8-r"></head><body><p>Текст</p></body></html>'.encode("koi8-r")
    made = embed(page, jsonld, release=release_iri(DEFAULT_BASE, SLUG)).page.decode("koi8-r")
    tree = html5lib.parse(made, namespaceHTMLElements=False)
    (script,) = (element for element in tree.iter("script") if element.get(MARKER))
    assert json.loads(script.text or "") == json.loads(jsonld)
    assert extruct.extract(made, syntaxes=["json-ld"])["json-ld"] == [json.loads(jsonld)]


# ---- the command


def communique(*words: str | Path, cwd: Path = ROOT) -> tuple[int, bytes, str]:
    done = subprocess.run(
        [sys.executable, "-m", "communique", *map(str, words)], cwd=cwd, capture_output=True, check=False
    )
    err = done.stderr.decode()
    assert "Traceback" not in err, err
    return done.returncode, done.stdout, err


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_bytes(b"<body>\r\n<p>text\r\n</body>\r\n")
    path.chmod(0o640)
    return path


@pytest.mark.slow
def test_the_page_is_edited_in_place_once(page: Path, real: Newsroom) -> None:
    code, out, err = communique("embed", page, "--release", SLUG)
    assert (code, out, err) == (0, b"", f"{page}: the JSON-LD of {SLUG} embedded\n")
    made = page.read_bytes()
    assert (
        made == embed(b"<body>\r\n<p>text\r\n</body>\r\n", exported(real), release=release_iri(DEFAULT_BASE, SLUG)).page
    )
    assert stat.S_IMODE(page.stat().st_mode) == 0o640
    before = page.stat()
    err = communique("embed", page, "--release", SLUG)[2]
    assert err == f"{page}: the JSON-LD of {SLUG} already there, nothing was changed\n"
    assert (page.read_bytes(), page.stat().st_mtime_ns, page.stat().st_ino) == (made, before.st_mtime_ns, before.st_ino)
    code, out, err = communique("embed", page, "--release", SLUG, "--nested", "--format", "json")
    told = {"page": str(page), "release": SLUG, "replaced": True, "changed": True, "warnings": []}
    assert (code, json.loads(out), err) == (0, told, "")
    assert [path.name for path in page.parent.iterdir()] == ["page.html"]


def test_other_places_to_write_to(page: Path, tmp_path: Path) -> None:
    before = page.read_bytes()
    code, out, err = communique("embed", page, "--release", SLUG, "-o", "-")
    assert (code, err, page.read_bytes()) == (0, "", before)
    other = tmp_path / "other.html"
    assert communique("embed", page, "--release", SLUG, "-o", other, "--quiet") == (0, b"", "")
    assert (other.read_bytes(), page.read_bytes()) == (out, before)
    code, same, err = communique("embed", page, "--release", SLUG, "-o", "-", "--format", "json")
    assert (code, same, json.loads(err)["changed"]) == (0, out, True)


def test_a_link_stays_a_link_and_its_target_is_edited(page: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.html"
    link.symlink_to(page.name)
    assert communique("embed", link, "--release", SLUG)[0] == 0
    assert link.is_symlink()
    assert MARKER.encode() in page.read_bytes()


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["no-such.html", "--release", SLUG], "no-such.html is not a file"),
        ([".", "--release", SLUG], "is not a file"),
        (["page.html", "--release", "no-such-release"], "no-such-release"),
        (["page.html", "--release", SLUG, "-o", "no/such/folder.html"], "nothing was changed"),
        (["page.html", "--release", SLUG, "-o", "."], "is not a file"),
        (["broken.html", "--release", SLUG], "broken.html: line 2: the comment that begins here is not closed"),
        (["page.html", "--release", SLUG, "-o", "loop.html"], "loop.html is a link that leads back to itself"),
        (["page.html"], "--release"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(page: Path, words: list[str], sentence: str) -> None:
    (page.parent / "broken.html").write_bytes(b"<body>\n<!-- </body>\n")
    before = {path.name: path.read_bytes() for path in page.parent.iterdir()}
    (page.parent / "loop.html").symlink_to("loop.html")
    code, out, err = communique("embed", *words, "--data", DATA, cwd=page.parent)
    assert (code, out, err.count("\n")) == (2, b"", 1)
    assert err.startswith("communique: ")
    assert sentence in err
    (page.parent / "loop.html").unlink()
    assert {path.name: path.read_bytes() for path in page.parent.iterdir()} == before


def test_warnings_are_shown_even_when_quiet(page: Path) -> None:
    iri = release_iri(DEFAULT_BASE, SLUG)
    page.write_text(f'<body>\n<script type="application/ld+json">{{"@id": "{iri}", "name": "x"}}</script>\n</body>\n')
    code, _, err = communique("embed", page, "--release", SLUG, "--quiet")
    assert (code, err.count("\n")) == (0, 1)
    assert err.startswith(f"communique: warning: {page}: line 2: another script of JSON-LD")


@pytest.mark.slow
def test_the_commands_of_the_guide_do_what_it_says(tmp_path: Path) -> None:
    import re

    shutil.copytree(DATA, tmp_path / "data")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "report.html").write_text("<!doctype html>\n<title>Report</title>\n<p>Text\n</body>\n")
    guide = (ROOT / "docs" / "embed.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) == 5
    for line in lines:
        command = line.replace("communique ", f"{sys.executable} -m communique ", 1)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command], cwd=tmp_path, capture_output=True, check=False
        )
        assert done.returncode == 0, (line, done.stderr.decode())
    assert (tmp_path / "site" / "report.html").read_text().count(MARKER) == 1
    shown = re.search(r"^```html\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    assert shown is not None
    assert shown[1].splitlines()[0] in (tmp_path / "site" / "report.html").read_text().splitlines()


# ---- templates

COMMANDS = ("<?php include 'foot.php' ?>", "{% block foot %}", "{{ foot }}", "{# foot #}", "<% foot %>", "<?= $foot ?>")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_template_is_refused_and_named_unless_it_is_forced(command: str) -> None:
    for page in (f"<p>a\n{command}\n</body>", f"<p>\n<p></body>{command}</html>"):
        with pytest.raises(OutputError, match="looks like a template") as refused:
            into(page)
        assert f"line {page[: page.index(command)].count(chr(10)) + 1}: " in str(refused.value)
        forced = embed(page.encode(), JSONLD, release=RELEASE, force=True)
        assert without_inserted(forced.page, page.encode()) == page.encode()
        with pytest.raises(OutputError, match="template"):
            into(forced.page)
        assert embed(forced.page, JSONLD, release=RELEASE, force=True).page == forced.page


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_far_away_in_scripts_or_in_the_jsonld_itself_make_no_template(command: str) -> None:
    far = f"<p>{command}{'<p>text' * 100}</body>"
    inside = f"<body><script>var a = '{command}'</script><style>{command}</style></body>"
    after = f"<p></body></html>{'<!-- words -->' * 40}{command}"
    for page in (far, after, inside, '<?xml version="1.0"?><html></html>'):
        assert not into(page).replaced
    talking = json.dumps({"name": command.replace("<", "\\u003c")}).encode()
    once = into("<body></body>", talking).page
    assert into(once, talking).page == once
