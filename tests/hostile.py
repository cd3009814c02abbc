"""A newsroom in which every literal is an attack on the pages."""

from __future__ import annotations

import json
from pathlib import Path

PAYLOADS = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "</style><script>alert(2)</script>",
    "\u2028\u2029<!--",
)


def write_hostile(folder: Path) -> Path:
    """Write a newsroom in which every literal is an attack; its data folder."""
    data = folder / "data"
    release = data / "releases" / "hostile"
    release.mkdir(parents=True)
    source = "\n".join(f"{payload} Person {k} said." for k, payload in enumerate(PAYLOADS)) + "\nHeadline <b>x</b>\n"
    source = source.replace("\u2028", "").replace("\u2029", "")
    (release / "source.txt").write_text(source, encoding="utf-8")
    nodes = [
        {"id": f"person/p{k}", "type": "Person", "name": f"{line}", "evidence": line}
        for k, line in enumerate(source.splitlines()[:-1])
    ]
    graph = [
        {
            "id": "release/hostile",
            "type": ["NewsArticle", "PressRelease"],
            "headline": "Headline <b>x</b>",
            "evidence": "Headline <b>x</b>",
        },
        *nodes,
    ]
    record = {"@context": ["context.jsonld"], "graph": graph}
    (release / "record.yaml").write_text(json.dumps(record), encoding="utf-8")
    title = json.dumps(PAYLOADS[0])
    (data / "dataset.yaml").write_text(
        f"title: {title}\npublisher: {title}\nlicense: https://e.org/l\n", encoding="utf-8"
    )
    return data
