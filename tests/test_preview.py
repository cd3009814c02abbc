"""The pages while they are edited: a browser loads them again after a build, and only then."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from communique.errors import OutputError
from communique.watching.preview import Preview, open_preview
from tests.browsing import READY, WatchedPage
from tests.strict import STRICT
from tests.watching import LONGEST, WatchedCommand, save, write_newsroom

needs_browser = pytest.mark.skipif(not READY and not STRICT, reason="needs Chromium and communique[browser]")

SCRIPT = b'<script src="/.communique/reload.js?'


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    """A preview of a folder with a few files."""
    folder = tmp_path / "public"
    (folder / "org").mkdir(parents=True)
    (folder / "index.html").write_text("<html><body>first</body>\n</html>")
    (folder / "org" / "index.html").write_text("<html><body>org</body>\n</html>")
    (folder / "404.html").write_text("<html><body>not here</body>\n</html>")
    (folder / "data.ttl").write_text("# </body>")
    (tmp_path / "secret.txt").write_text("secret")
    with open_preview(folder, 0) as found:
        yield found


def ask(preview: Preview, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=LONGEST)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


@pytest.mark.enable_socket
def test_pages_have_the_script_and_other_files_are_unchanged(preview: Preview) -> None:
    status, headers, body = ask(preview, "/")
    script = SCRIPT + preview.state.encode() + b'"></script>\n'
    assert (status, body) == (200, b"<html><body>first" + script + b"</body>\n</html>")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    status, headers, body = ask(preview, "/data.ttl?a=b")
    assert (status, headers["Content-Type"], body) == (200, "text/turtle; charset=utf-8", b"# </body>")
    assert ask(preview, "/data.ttl", "HEAD")[2] == b""
    assert b"EventSource" in ask(preview, "/.communique/reload.js")[2]
    assert (preview.folder / "index.html").read_bytes() == b"<html><body>first</body>\n</html>"


@pytest.mark.enable_socket
def test_a_folder_leads_to_its_page_and_nothing_outside_is_shown(preview: Preview) -> None:
    status, headers, _ = ask(preview, "/org?a=b")
    assert (status, headers["Location"]) == (301, "/org/?a=b")
    assert b"org" in ask(preview, "/org/")[2]
    (preview.folder / "link.txt").symlink_to(preview.folder.parent / "secret.txt")
    outside = ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//../secret.txt", "/org/..%5c..%5cx"]
    outside += ["/%00", "/nothing", f"/{preview.folder.parent}/secret.txt", "/link.txt"]
    for path in outside:
        status, _, body = ask(preview, path)
        assert (status, b"not here" in body) == (404, True), path


@pytest.mark.enable_socket
def test_only_this_machine_by_its_own_name_is_answered(preview: Preview) -> None:
    for host, status in (("localhost:1", 200), ("127.0.0.1:1", 200), ("press.example", 403), ("press.example:1", 403)):
        assert ask(preview, "/", Host=host)[0] == status


@pytest.mark.enable_socket
def test_before_the_first_build_a_page_says_so_and_is_loaded_again(preview: Preview) -> None:
    preview.folder.rename(preview.folder.with_name("old"))
    status, _, body = ask(preview, "/")
    assert status == 404
    assert b"there is no publication yet" in body
    assert SCRIPT in body


@pytest.mark.enable_socket
def test_a_waiting_browser_hears_of_a_build_and_of_one_that_it_has_missed(preview: Preview) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=LONGEST)
    connection.request("GET", f"/.communique/events?{preview.state}")
    answer = connection.getresponse()
    assert answer.getheader("Content-Type") == "text/event-stream"
    assert (answer.readline(), answer.readline()) == (b"retry: 1000\n", b"\n")
    before = preview.state
    preview.reload()
    assert answer.readline() == f"data: {preview.state}\n".encode()
    assert preview.wait(before) == preview.state != before
    preview.close()
    assert answer.read().strip() == b""
    connection.close()


@pytest.mark.enable_socket
def test_a_port_that_is_taken_is_refused_and_nothing_runs_on(preview: Preview) -> None:
    with pytest.raises(OutputError, match=f"^port {preview.port} is in use: give another with --port$"):
        open_preview(preview.folder, preview.port).__enter__()
    before = threading.active_count()
    with open_preview(preview.folder, 0):
        assert threading.active_count() > before
    assert threading.active_count() == before


@pytest.mark.slow
@needs_browser
def test_a_browser_reloads_after_a_build_and_keeps_the_page_while_a_record_is_broken(
    tmp_path: Path, browser: Any
) -> None:
    data = write_newsroom(tmp_path, "lower")
    record = data / "releases" / "lower" / "record.yaml"
    text = record.read_text()
    wait = LONGEST * 1000
    with WatchedCommand("build", "--watch", "--port", "0", folder=tmp_path) as command:
        address = command.until("^the pages are at ")[-1].rpartition(" ")[2].replace("localhost", "127.0.0.1")
        command.until("^waiting")
        with WatchedPage(browser) as watched:
            page = watched.page
            page.goto(address + "event/lower-opening/", wait_until="load", timeout=wait)
            assert page.inner_text("h1") == "opening"
            page.evaluate("window.seen = true")

            save(record, text + "  - id: [\n")
            command.until("^not built")
            assert page.evaluate("window.seen") is True
            assert page.inner_text("h1") == "opening"

            save(record, text.replace("name: opening", "name: The opening"))
            page.locator("h1", has_text="The opening").wait_for(timeout=wait)
            assert page.evaluate("window.seen") is None
            assert "reload.js" not in (tmp_path / "public" / "event" / "lower-opening" / "index.html").read_text()
        assert command.interrupt() == 130
