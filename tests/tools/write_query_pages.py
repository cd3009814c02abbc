"""Write ``docs/queries/``: a page for each canned query, and the list of them in ``docs/queries.md``.

    python -m tests.tools.write_query_pages

Run it again when a query changes; a test says so.
"""

from __future__ import annotations

from pathlib import Path

from communique.query.catalogue import AUDIENCES, Catalogue
from communique.query.listing import render_page
from tests.tools.pattern import render_mermaid

DOCS = Path(__file__).resolve().parents[2] / "docs"
BEGIN, END = "<!-- the list, from the headers of the queries -->\n", "<!-- end of the list -->\n"


def render_pages() -> dict[str, str]:
    """The text of each page, by the name of its query."""
    return {name: render_page(query, render_mermaid(query)) for name, query in dict(Catalogue()).items()}


def render_list() -> str:
    """The questions by audience, as tables with links to the pages."""
    lines: list[str] = []
    for audience in AUDIENCES:
        lines += [f"### For the {audience}", "", "| query | question |", "|---|---|"]
        queries = [query for query in dict(Catalogue()).values() if query.audience == audience]
        lines += [f"| [{query.name}](queries/{query.name}.md) | {query.question} |" for query in queries] + [""]
    return "\n".join(lines)


def main() -> None:
    """Write the pages and the list."""
    (DOCS / "queries").mkdir(exist_ok=True)
    pages = render_pages()
    for old in (DOCS / "queries").glob("*.md"):
        if old.stem not in pages:
            old.unlink()
    for name, text in pages.items():
        (DOCS / "queries" / f"{name}.md").write_text(text, encoding="utf-8")
    page = DOCS / "queries.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    page.write_text(before + BEGIN + render_list() + END + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
