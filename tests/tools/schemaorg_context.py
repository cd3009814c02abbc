"""Makes ``tests/data/schemaorg-context.json`` from the JSON-LD context of schema.org 30.0.

    python tests/tools/schemaorg_context.py schema.org-30.0.context.jsonld

Kept are the keywords, the prefix, every term that ``ontology/context.jsonld`` uses, and every term whose bare strings
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


def reduced(entries: dict[str, Any]) -> dict[str, Any]:
    """The part of schema.org's context that the tests need."""
    own = read_context()
    iris = {*own.classes.values(), *(t.iri for t in own.terms.values())}
    used = {iri.removeprefix(SCHEMA) for iri in iris if iri.startswith(SCHEMA)}
    return {
        key: entry
        for key, entry in entries.items()
        if key in used
        or key in ("type", "id", "@vocab", "schema")
        or (isinstance(entry, dict) and entry.get("@type") == "@id")
    }


if __name__ == "__main__":
    whole = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["@context"]
    lines = [f" {json.dumps(key)}: {json.dumps(entry)}" for key, entry in sorted(reduced(whole).items())]
    TARGET.write_text('{"@context": {\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8")
