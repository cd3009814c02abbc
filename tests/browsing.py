"""How tests open pages: from servers on this machine, in a real browser, recording all that a page must not do."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
READY = bool(CHROMIUM and find_spec("playwright") and find_spec("axe_playwright_python"))

SHOTS = Path(os.environ["COMMUNIQUE_SCREENSHOTS"]) if "COMMUNIQUE_SCREENSHOTS" in os.environ else None
"""Where screenshots of the pages are saved, for people to look at; None: nowhere."""


CRITERIA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def serve(folder: Path, handler: type[QuietHandler] = QuietHandler) -> Iterator[str]:
    """Yield the address of a server for the files of a folder."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


class WatchedPage:
    """A page in a browser context of its own; at the end it must have done nothing that it should not.

    Messages on the console, errors, dialogs and requests to other hosts are recorded in ``wrong``.
    """

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | options))
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("console", lambda message: self.wrong.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: self.wrong.append(f"dialog: {dialog.message}"))
        self.page.on("request", self._check_request)

    def _check_request(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "file:", "data:")):
            self.wrong.append(f"request: {request.url}")

    def __enter__(self) -> WatchedPage:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()
        assert self.wrong == []

    def shot(self, name: str) -> None:
        """Save a screenshot, if there is a folder for them."""
        if SHOTS:
            SHOTS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    def accessibility_faults(self) -> list[tuple[str, str, list[str]]]:
        """What axe finds wrong with the page: rule, impact, the first elements; the page must not scroll sideways.

        Only faults are asked for: a list of all that is right takes longer than to find what is wrong.
        """
        from axe_playwright_python.sync_playwright import Axe

        is_wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not is_wide, "the page scrolls sideways"
        options = {"runOnly": CRITERIA, "resultTypes": ["violations"]}
        found = Axe().run(self.page, options=options).response["violations"]
        return [(v["id"], v["impact"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found]
