"""Files that are no plain text: one sentence that says what each is and what to do, in `new` and in `check`."""

from __future__ import annotations

import gzip
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from communique.errors import NewsroomError
from communique.languages import LANGUAGE, language_fault
from communique.read.release import build_release
from communique.read.sources import SourceFault, read_source, read_text

WORDS = {
    "ru": "Сегодня в Примерске открыт новый мост через реку. Министр поблагодарил строителей.",
    "kk": "Примерскіде жаңа мост ашылды. Министр строительлерге рахмет айтты, бәрі де келді.",
    "de": "Die Brücke in Musterstadt wurde heute eröffnet. Der Präsident dankte für die Größe.",
    "en": "The ministry’s bridge – 3 km long – was opened. “Good”, she said to the people.",
    "ar": "تم افتتاح الجسر في المدينة القديمة اليوم من قبل الوزيرة",
    "ja": "サンプル市で新しい橋が開通しました。大臣は労働者に感謝しました。",
}


def zipped(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "code", "what", "fix"),
    [
        (b"", "empty-source", "is empty", "put the text"),
        (b"\xef\xbb\xbf \n\t\n", "empty-source", "has only white space", "put the text"),
        (b"%PDF-1.7\n%\xe2\xe3", "not-plain-text", "is a PDF", "pdftotext"),
        (b"{\\rtf1\\ansi Bridge}", "not-plain-text", "is a document in RTF", "save it as plain text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not-plain-text", "Microsoft Office", "save it as plain text"),
        (zipped("[Content_Types].xml", "word/document.xml"), "not-plain-text", "is a Word document", "save it as"),
        (zipped("xl/workbook.xml"), "not-plain-text", "is an Excel sheet", "save it as"),
        (zipped("a.txt"), "not-plain-text", "is a ZIP archive", "unpack it"),
        (gzip.compress(b"text", mtime=0), "not-plain-text", "compressed", "gunzip"),
        (b"\x89PNG\r\n\x1a\n", "not-plain-text", "is a picture", "write down"),
        (b"<!DOCTYPE html>\n<p>Bridge", "not-plain-text", "is HTML", "as a browser shows it"),
        (b" <?xml version='1.0'?>\n<html xmlns='x'>", "not-plain-text", "is HTML", "as a browser shows it"),
        (b"<div><h1>Bridge</h1><p>It is open.</p></div>", "not-plain-text", "is HTML", "as a browser shows it"),
        ("Bridge opened".encode("utf-16"), "bad-encoding", "UTF-16", "iconv -f UTF-16 -t UTF-8 FILE"),
        ("Bridge opened".encode("utf-16-le"), "bad-encoding", "UTF-16LE", "iconv -f UTF-16LE"),
        ("Bridge opened".encode("utf-16-be"), "bad-encoding", "UTF-16BE", "iconv -f UTF-16BE"),
        ("Мост é открыт".encode("utf-16-le"), "bad-encoding", "UTF-16LE", "iconv -f UTF-16LE"),
        ("Bridge opened".encode("utf-32"), "bad-encoding", "UTF-32", "iconv -f UTF-32"),
        (b"Bridge\0opened", "bad-character", "NUL", "give the text"),
        (b"\x7fELF\x02\x01\0\0\xff\xfe\x80", "bad-character", "binary", "give the text"),
        (WORDS["ru"].encode("cp1251"), "bad-encoding", "WINDOWS-1251.*'Сегодня в Примерске'", "iconv -f WINDOWS-1251"),
        (WORDS["ru"].encode("koi8-r"), "bad-encoding", "KOI8-R", "iconv -f KOI8-R"),
        (WORDS["de"].encode("cp1252"), "bad-encoding", "WINDOWS-1252.*'Brücke in", "iconv -f WINDOWS-1252"),
        (WORDS["de"].encode("latin-1"), "bad-encoding", "WINDOWS-1252", "iconv -f WINDOWS-1252"),
        (WORDS["en"].encode("cp1252"), "bad-encoding", "WINDOWS-1252", "iconv -f WINDOWS-1252"),
        (WORDS["ar"].encode("cp1256"), "bad-encoding", "WINDOWS-1256", "iconv -f WINDOWS-1256"),
        (WORDS["ja"].encode("shift_jis"), "bad-encoding", "SHIFT-?_?JIS", "iconv -f SHIFT"),
    ],
)  # fmt: skip
def test_what_is_no_plain_text_is_named_with_what_to_do(
    data: bytes, code: str, what: str, fix: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceFault, match=what) as found:
        read_text(data)
    assert found.value.code == code and fix in found.value.fix
    path = tmp_path / "my text.txt"
    path.write_bytes(data)
    with pytest.raises(NewsroomError) as refused:
        read_source(path)
    sentence = str(refused.value)
    assert sentence.startswith(f"{path}") and "\n" not in sentence and "FILE" not in sentence
    assert re.search(what, sentence)


@pytest.mark.parametrize(
    "text",
    [
        "Bridge opened",
        "a < b and c > d",
        "Use <p> in HTML, said Jo.",
        "PK",
        "{rtf}",
        "BZh in a text is rare",
        "%PDF",
        "ÿþ",
    ],
)
def test_plain_text_is_read_as_it_is(text: str) -> None:
    assert read_text(text.encode()) == text
    assert build_release("a", text, {}, Path("all.jsonl"), 1).findings == ()


@pytest.mark.skipif(shutil.which("iconv") is None, reason="the system has no iconv")
@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp1252", "utf-16", "utf-16-le", "shift_jis", "cp1256"])
def test_the_command_that_is_named_converts_the_text(encoding: str, tmp_path: Path) -> None:
    language = {"shift_jis": "ja", "cp1252": "de", "cp1256": "ar"}.get(encoding, "ru")
    (tmp_path / "a.txt").write_bytes(WORDS[language].encode(encoding))
    with pytest.raises(NewsroomError) as refused:
        read_source(tmp_path / "a.txt")
    command = str(refused.value).rpartition("convert it: ")[2]
    words = command.split()
    assert words[:2] == ["iconv", "-f"] and words[3:] == ["-t", "UTF-8", "a.txt", ">", "utf-8.txt"]
    done = subprocess.run(words[:6], cwd=tmp_path, capture_output=True, check=True)
    (tmp_path / "utf-8.txt").write_bytes(done.stdout)
    assert read_source(tmp_path / "utf-8.txt")[1].lstrip("\ufeff") == WORDS[language]


@pytest.mark.parametrize(
    ("tag", "better"),
    [("en_GB", "en-GB"), ("en_gb", "en-GB"), ("EN", "en"), ("en_US.UTF-8", "en-US"), ("German", "de"),
     ("русский", "ru"), ("english language", None), ("", None), (5, None), ("e", None), ("x" * 500, None)],
)  # fmt: skip
def test_what_is_no_language_tag_is_named_with_the_one_that_was_meant(tag: object, better: str | None) -> None:
    sentence = language_fault(tag)
    assert "is not a language tag" in sentence and len(sentence) < 200
    assert sentence.endswith(f": write {better}" if better else "such as en or pt-BR")
    assert better is None or LANGUAGE.fullmatch(better)
