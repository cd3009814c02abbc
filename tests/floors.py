"""The floors of the code: which room may import which, and which third-party packages each may use.

``tests/test_layers.py`` checks the code against these tables, and ``tests/tools/draw_floors.py`` draws them.
"""

from __future__ import annotations

FLOORS = {
    "cli": 9, "__main__": 9, "__init__": 9,
    "publish": 8, "watching": 8, "serve": 8,
    "publish.kept": 7, "publish.site": 7, "publish.describe": 7, "publish.hosting": 7,
    "publish.stage": 6, "publish.counts": 6, "publish.workstore": 6, "publish.hubs": 6, "publish.compressed": 6,
    "publish.lookups": 6, "publish.traces": 6, "publish.runs": 6, "publish.manifest": 6,
    "publish.words": 6, "api": 6, "beginning": 6,
    "check": 5, "webpage": 5, "query": 5, "store": 5, "remote": 5, "drawing": 5,
    "compile": 4, "export": 4,
    "read": 3, "text": 3,
    "context": 2, "findings": 2, "formats": 2, "artefacts": 2,
    "errors": 1, "terms": 1, "iris": 1, "kinds": 1, "kindfaults": 1,
    "folders": 1, "plaintext": 1, "codes": 1, "visible": 1, "apart": 1,
    "watch": 1, "xmltext": 1, "ids": 1, "addresses": 1, "languages": 1, "schemaorg": 1, "authorities": 1,
}  # fmt: skip
"""The floor of each room or single module: it imports only from lower floors, or from its own room."""

PURPOSES = {
    9: "command line",
    8: "building, watching, serving",
    7: "pages, catalogues, what is kept",
    6: "Python, and what a build needs",
    5: "checking, querying, storing, drawing",
    4: "records to quads, quads to bytes",
    3: "files to values, what a text says",
    2: "tables, findings",
    1: "what every room needs",
}
"""What each floor is for, in a few words."""

PACKAGES = {
    "cli": {"typer", "rich"},
    "publish": {"distributed", "pyoxigraph"},
    "publish.site": {"babel", "jinja2", "markupsafe", "pyoxigraph"},
    "publish.describe": {"pyoxigraph"},
    "publish.kept": {"pyoxigraph"},
    "publish.counts": {"pyoxigraph"},
    "publish.runs": {"pyoxigraph"},
    "publish.manifest": {"pyoxigraph"},
    "publish.workstore": {"pyoxigraph"},
    "publish.hubs": {"pyoxigraph"},
    "publish.lookups": {"pyoxigraph"},
    "publish.traces": {"pyoxigraph"},
    "publish.words": {"babel"},
    "watching": {"watchfiles"},
    "serve": {"mcp", "prometheus_client", "pyoxigraph", "starlette", "uvicorn"},
    "drawing": {"pyoxigraph"},
    "webpage": {"pyoxigraph", "webencodings"},
    "check": {"pyshacl", "shacl", "rdflib", "pyoxigraph"},
    "compile": {"pyoxigraph"},
    "text": {"ahocorasick", "babel", "num2words", "phonenumbers"},
    "read": {"charset_normalizer", "yaml", "yaml_rs", "zstandard"},
    "query": {"yaml_rs", "pyoxigraph", "pandas", "rich"},
    "store": {"SPARQLWrapper", "httpcore", "httpx", "pyoxigraph"},
    "remote": {"fsspec"},
    "export": {"pyoxigraph"},
    "findings": {"pyoxigraph"},
    "api": {"rdflib", "pyoxigraph"},
}
"""Third-party packages that a room may use."""

SITE_FLOORS = {
    "wordcheck": 4,
    **dict.fromkeys(("release_page", "entity_page", "questions", "vocabulary", "indexes", "newsroom"), 3),
    **dict.fromkeys(("pages", "folding", "bytecode", "browser", "vendored", "columns", "recipes", "templating"), 2),
    **dict.fromkeys(
        ("scene", "scenefacts", "edition", "speech", "rows", "tenure", "articles", "sections", "drawings", "portrait"),
        1,
    ),
    **dict.fromkeys(("cards", "texts", "titles", "measures", "labels", "direction", "selection", "scenefacts"), 1),
}
"""The floors of the room of pages: what is shown, what all pages share, the pages; see its docstring."""

ON_THE_SAME_FLOOR = {
    ("__main__", "cli"),
    ("cli", "__init__"),  # the version
    ("authorities", "schemaorg"),
    ("authorities", "terms"),
    ("iris", "addresses"),
    ("iris", "ids"),
    ("folders", "errors"),
    ("apart", "errors"),
    ("context", "artefacts"),
    ("kinds", "schemaorg"),
    ("kinds", "terms"),
    ("kindfaults", "errors"),
    ("kindfaults", "ids"),
    ("kindfaults", "kinds"),
    ("kindfaults", "terms"),
    ("publish.compressed", "publish.stage"),
    ("publish.hubs", "publish.lookups"),
    ("publish.hubs", "publish.workstore"),
    ("publish.kept", "publish.describe"),
    ("publish.kept", "publish.site"),
    ("publish.lookups", "publish.traces"),
    ("publish.manifest", "publish.stage"),
    ("publish.runs", "publish.counts"),
    ("publish.workstore", "publish.lookups"),
    ("query", "store"),
}
"""Pairs of rooms on the same floor: the first may import the second, never the other way round."""
