"""The files below ``server/``: for each web server, rules with which it serves a publication as linked data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from communique.formats import FORMATS, Format
from communique.publish.hosting.apache import render_htaccess, render_w3id, split_base
from communique.publish.hosting.caddy import render_caddyfile
from communique.publish.hosting.negotiation import SiteAddress, read_site_address
from communique.publish.hosting.netlify import render_headers, render_redirects
from communique.publish.hosting.nginx import render_http, render_server
from communique.read.dataset import Dataset

FOLDER: Final = "server/"


def render_rules(dataset: Dataset, formats: Iterable[Format] = tuple(FORMATS.values())) -> dict[str, bytes]:
    """The files of ``server/`` by path below the publication; the same bytes for the same dataset.

    They are made for the path of `Dataset.site`. The same rules serve a publication with or without pages: servers
    test which files exist. ``w3id.htaccess`` is included only if the base is not the site itself and ends in ``/``.
    Raises `OutputError` if the path of the site or base cannot be written safely in the rules of every server.

    >>> sorted(render_rules(Dataset(homepage="https://example.org/press/")))[:3]
    ['server/Caddyfile', 'server/README.txt', 'server/apache.htaccess']
    """
    rows, site = list(formats), read_site_address(dataset.site)
    base = read_site_address(dataset.base) if dataset.base.endswith("/") else None
    made = {
        "nginx.http.conf": render_http(rows),
        "nginx.conf": render_server(site, rows),
        "apache.htaccess": render_htaccess(site, rows),
        "Caddyfile": render_caddyfile(site, rows),
        "netlify/_headers": render_headers(site, rows),
        "netlify/_redirects": render_redirects(site, rows),
    }
    if base is not None and base != site:
        made["w3id.htaccess"] = render_w3id(base, site, rows)
    made["README.txt"] = _readme(site, base)
    return {FOLDER + name: text.encode() for name, text in sorted(made.items())}


def _readme(site: SiteAddress, base: SiteAddress | None) -> str:
    address = site.origin + site.quoted
    if base is None:
        persistent = ["(no w3id.htaccess: the base ends in #, so its IRIs lead to one page)"]
    elif base == site:
        persistent = ["(no w3id.htaccess: the IRIs are addresses of the site itself; if the files lie elsewhere,", "  "]
        persistent[1] += " write homepage: https://… into dataset.yaml and build again)"
    else:
        folder = base.origin + split_base(base)[0]
        persistent = [f"w3id.htaccess      as .htaccess into the folder {folder} of that Apache server"]
    lines = [
        f"Rules for web servers, made for {address}",
        "",
        "nginx.conf         include in the server block; its root is the folder in which",
        f"                   {site.path} is the publication",
        "nginx.http.conf    include in the http block, once",
        f"apache.htaccess    as .htaccess into the folder that is {address}",
        "Caddyfile          import, or run Caddy with it",
        "netlify/           _headers and _redirects into the top folder of what is deployed",
        *persistent,
        "",
        "An entity answers in the format that the Accept header asks for, on nginx, Apache and Caddy.",
        "Changed the address? Change homepage in dataset.yaml and build again.",
    ]
    return "\n".join(lines) + "\n"
