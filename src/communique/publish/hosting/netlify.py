"""Rules for Netlify and other hosts that read its two files: headers by path, redirects by path."""

from __future__ import annotations

from collections.abc import Sequence

from communique.formats import FACTS, JSON_LD, STATED, TURTLE, TURTLE_1_2, Format
from communique.iris import PARTS, graph_path, query_path, release_path
from communique.kinds import PATHS
from communique.publish.hosting.negotiation import (
    ALIASES,
    CACHE_CONTROL,
    HEADERS,
    POLICY,
    POLICY_NOTE,
    PREFLIGHT,
    VOCABULARY,
    SiteAddress,
    content_type,
    link_value,
    namespace_path,
    negotiated,
)

_TURTLE = (
    FACTS.path,
    STATED.path,
    TURTLE_1_2.dataset_file,
    "void.ttl",
    "catalog.ttl",
    "sparql-examples.ttl",
    "ontology/communique.ttl",
)
"""Files that exist in Turtle only."""


def render_headers(site: SiteAddress, formats: Sequence[Format]) -> str:
    """The file ``_headers``: such a host cannot negotiate, so every syntax has its own address and a Link to it."""
    path, choices = site.quoted, negotiated(formats)
    every = [
        *HEADERS.items(),
        *PREFLIGHT.items(),
        ("Cache-Control", CACHE_CONTROL),
        ("Content-Security-Policy", POLICY),
    ]
    names = [f"{kind}/:name/index" for kind in PATHS] + [f"{query_path(':name')}/result", "dataset"]
    types = {
        f"{name}.{f.suffix}": content_type(f.suffix, f.media_type)
        for name in names
        for f in choices
        if f.of_entities or not name.endswith("/index") or name.startswith(release_path(""))
    }
    turtle = content_type(TURTLE.suffix, TURTLE.media_type)
    types |= dict.fromkeys((*_TURTLE, ".well-known/void"), turtle)
    types["ontology/context.jsonld"] = content_type(JSON_LD.suffix, JSON_LD.media_type)
    lines = [
        f"# Headers of {site.origin}{path}: to be put as _headers into the top folder of what is deployed.",
        "# Such a host does not look at Accept: an address answers with its page; every syntax has its own address.",
        *(f"# {line}" for line in POLICY_NOTE),
        *_block(f"{path}*", every),
        *(line for kind in PATHS for line in _block(f"{path}{kind}/:name/", [("Link", _link(kind, formats))])),
        *(line for name, value in types.items() for line in _block(path + name, [("Content-Type", value)])),
    ]
    return "\n".join(lines) + "\n"


def _link(kind: str, formats: Sequence[Format]) -> str:
    return link_value(formats, of_release=kind == "release")


def _block(path: str, headers: Sequence[tuple[str, str]]) -> list[str]:
    return [path, *(f"  {name}: {value}" for name, value in headers)]


def render_redirects(site: SiteAddress, formats: Sequence[Format]) -> str:
    """The file ``_redirects``: an entity without a page gets the first syntax, other IRIs their file."""
    path, first = site.quoted, negotiated(formats)[0].suffix
    rows = []
    for alias in ALIASES:
        if alias.target.endswith("/"):
            goal = f"{path}{release_path(':slug')}/"
            rows += [(path + graph_path(":slug", part), goal, 302) for part in ("", *PARTS)]
        else:
            rows.append((path + alias.pattern, path + alias.target, 302))
    namespace = namespace_path(site)
    rows += [(namespace, path + VOCABULARY.target, 302)] if namespace else []
    rows += [(f"{path}{kind}/:name", f"{path}{kind}/:name/index.{first}", 200) for kind in PATHS]
    notes = [
        f"# Redirects of {site.origin}{path}: to be put as _redirects into the top folder of what is deployed.",
        "# A file that exists goes first: with pages the last rows do nothing. On Cloudflare Pages it is the other way",
        "# round: leave this file out there, or pages are hidden.",
    ]
    return "\n".join([*notes, *(f"{start} {goal} {status}" for start, goal, status in rows)]) + "\n"
