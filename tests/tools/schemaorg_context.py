"""Write ``tests/data/schemaorg-context.json`` from the JSON-LD context of schema.org 30.0.

    python tests/tools/schemaorg_context.py schema.org-30.0.context.jsonld

It keeps the keywords, the prefix, every term that ``ontology/context.jsonld`` uses, and every term whose plain strings
are IRIs, each as schema.org defines it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from communique.context import read_context
from communique.terms import SCHEMA

TARGET = Path(__file__).parent.parent / "data" / "schemaorg-context.json"


def reduce_context(entries: dict[str, Any]) -> dict[str, Any]:
    """The part of schema.org's context that the tests need."""
    context = read_context()
    iris = {*context.classes.values(), *(t.iri for t in context.terms.values())}
    used = {iri.removeprefix(SCHEMA) for iri in iris if iri.startswith(SCHEMA)}
    used.add("additionalType")  # what pages say instead of a class of our own
    return {
        key: entry
        for key, entry in entries.items()
        if key in used
        or key in ("type", "id", "@vocab", "schema")
        or (isinstance(entry, dict) and entry.get("@type") == "@id")
    }


if __name__ == "__main__":
    whole = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["@context"]
    lines = [f" {json.dumps(key)}: {json.dumps(entry)}" for key, entry in sorted(reduce_context(whole).items())]
    TARGET.write_text('{"@context": {\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8")
