"""Write ``docs/keys.md``: the classes and keys that a record can use, as `communique keys` lists them.

    python -m tests.tools.write_keys_page

Run it again when the context or ``ontology/keys.json`` changes; a test says so.
"""

from __future__ import annotations

from pathlib import Path

from communique.compile.keylist import class_rows, key_rows, render_markdown
from communique.context import read_context

PAGE = Path(__file__).resolve().parents[2] / "docs" / "keys.md"
HEAD = """\
# Classes and keys of a record

<!-- Written by python -m tests.tools.write_keys_page from the context, ontology/keys.json and schema.org 30.0. -->

These have a name of their own, each with one line of example. Every other class and property of schema.org 30.0 can
be used too, as `schema:Product` or `schema:weight`; [record.md](record.md#any-term-of-schemaorg) says how. The keys of
one class, with those of schema.org:

```sh
communique keys Person
communique keys schema:Product --format json
```

"""


def render_page() -> str:
    """The text of the page."""
    context = read_context()
    return HEAD + render_markdown([("Classes", class_rows(context)), ("Keys", key_rows(context))])


if __name__ == "__main__":
    PAGE.write_text(render_page(), encoding="utf-8")
