"""Rules for nginx: maps for its ``http`` block, locations for a ``server`` block."""

from __future__ import annotations

from collections.abc import Sequence

from communique.formats import TURTLE, Format
from communique.publish.hosting.negotiation import (
    ACCEPT_NOTE,
    ALIASES,
    CACHE_CONTROL,
    HEADERS,
    POLICY,
    POLICY_NOTE,
    PREFLIGHT,
    TIERS,
    VOCABULARY,
    Alias,
    Choice,
    SiteAddress,
    choices,
    link_value,
    mark_of_release,
    namespace_path,
    negotiated,
    quality_pattern,
    suffix_types,
    text_types,
)


def render_http(formats: Sequence[Format]) -> str:
    """Maps from the headers of a request; the same for every publication, so included once."""
    offered = negotiated(formats)
    default = offered[0].suffix
    types = {"html": "text/html"} | {f.suffix: f.media_type for f in offered}
    lines = [
        "# Include once in the http block of nginx (Debian: /etc/nginx/conf.d/). nginx 1.11 or later.",
        *(f"# {line.format(default=default)}" for line in ACCEPT_NOTE),
        "",
        *(line for suffix, media_type in types.items() for line in _quality(suffix, media_type)),
        *(line for choice in choices(formats) for line in _choice(choice)),
        "# The path as it was sent, without the slash before it: nothing decoded gets into a header.",
        "map $request_uri $communique_tail {",
        '    default "";',
        '    "~^/+(?<communique_path>[^?]*)" $communique_path;',
        "}",
        *(f"# {line}" for line in POLICY_NOTE),
        "map $sent_http_content_type $communique_policy {",
        '    default "";',
        f'    "~^(?:text/html|image/svg)" "{POLICY}";',
        "}",
        *(line for name, value in PREFLIGHT.items() for line in _preflight(name, value)),
    ]
    return "\n".join(lines) + "\n"


def _preflight(name: str, value: str) -> list[str]:
    """A header for the response to OPTIONS only: nginx omits a header whose value is empty."""
    return [f"map $request_method {_variable(name)} {{", '    default "";', f'    OPTIONS "{value}";', "}"]


def _variable(header: str) -> str:
    return "$communique_" + header.removeprefix("Access-Control-").lower().replace("-", "_")


def _quality(suffix: str, media_type: str) -> list[str]:
    return [
        f"map $http_accept $communique_{suffix} {{",
        '    default "";',
        f'    "~*{quality_pattern(media_type)}" "q$1";',
        "}",
    ]


def _choice(choice: Choice) -> list[str]:
    source = " ".join(f"{suffix}=$communique_{suffix}" for suffix in choice.suffixes)
    tiers = (f'    "~{tier}" $1;' for tier in TIERS)
    first = ["map $communique_best $communique_default {", f"    default {choice.suffixes[1]};", "    html html;", "}"]
    return [
        *([] if choice.default else first),
        f'map "{source}" $communique_{choice.name} {{',
        f"    default {choice.default or '$communique_default'};",
        *tiers,
        "}",
    ]


_OPTIONS = "if ($request_method = OPTIONS) { return 204; }"
"""Needed in each location: nginx does not inherit rewrite directives."""


def render_server(site: SiteAddress, formats: Sequence[Format]) -> str:
    """The locations of a publication; `render_http` must be included too."""
    types = suffix_types(formats)
    texts = " ".join(t for t in text_types(formats) if t != "text/html")  # nginx always has text/html
    path, quoted = site.path, site.quoted
    folder = [f'location = "{path[:-1]}" {{ return 301 {quoted}; }}'] if path != "/" else []
    lines = [
        f"# Include in the server block of {site.origin} (nginx.http.conf: in the http block).",
        f"# Its root must be the folder in which {path} is the publication.",
        "# An ETag of nginx is time and size of the file: keep the times when you copy a publication (rsync -t).",
        *folder,
        *_namespace(site),
        f'location ^~ "{path}" {{',
        "    types {",
        *(f"        {media_type} {suffix};" for suffix, media_type in sorted(types.items())),
        "    }",
        "    default_type application/octet-stream;",
        "    charset utf-8;",
        f"    charset_types {texts};",
        "    gzip on;",
        "    gzip_vary on;",
        "    gzip_proxied any;",
        "    gzip_min_length 512;",
        f"    gzip_types {texts};",
        "    autoindex off;",
        "    etag on;",
        "    absolute_redirect off;",
        f'    error_page 404 "{path}404.html";',
        *_headers("    "),
        f"    {_OPTIONS}",
        "",
        "    # The address without a slash is that of the thing, the one with it that of what is written about it.",
        "    if (-d $request_filename) { return 303 /$communique_tail/$is_args$args; }",
        "",
        *_aliases(site),
        *_negotiation(formats),
        f'    location = "{path}.well-known/void" {{ default_type {TURTLE.media_type}; {_OPTIONS} }}',
        "}",
    ]
    return "\n".join(lines) + "\n"


def _headers(indent: str) -> list[str]:
    lines = [f'{indent}add_header {name} "{value}" always;' for name, value in HEADERS.items()]
    return [
        *lines,
        f"{indent}add_header Content-Security-Policy $communique_policy always;",
        f'{indent}add_header Cache-Control "{CACHE_CONTROL}";',
        *(f"{indent}add_header {name} {_variable(name)} always;" for name in PREFLIGHT),
    ]


def _alias(site: SiteAddress, location: str, alias: Alias) -> list[str]:
    if not alias.page:
        return [f"{location} {{ {_OPTIONS} return 303 {site.quoted}{alias.target}; }}"]
    return [
        f"{location} {{",
        f"    {_OPTIONS}",
        *_headers("    "),
        "    add_header Vary Accept always;",
        "    set $communique_page $communique_best;",
        f'    if (!-f "$document_root{site.path}{alias.page_file}") {{ set $communique_page ""; }}',
        f"    if ($communique_page = html) {{ return 303 {site.quoted}{alias.page}; }}",
        f"    return 303 {site.quoted}{alias.target};",
        "}",
    ]


def _aliases(site: SiteAddress) -> list[str]:
    start = site.path.replace(".", "[.]")
    found = (_alias(site, f'location ~ "^{start}{alias.pattern}$"', alias) for alias in ALIASES)
    return [f"    {line}" for lines in found for line in lines]


def _namespace(site: SiteAddress) -> list[str]:
    """The location for the IRI of the vocabulary, if it is an address of this host."""
    path = namespace_path(site)
    if not path:
        return []
    lines = _alias(site, f'location = "{path}"', VOCABULARY)
    return [*lines[:-1], "    absolute_redirect off;", lines[-1]]


def _negotiation(formats: Sequence[Format]) -> list[str]:
    first = negotiated(formats)[0].suffix
    return [
        "    location ~ /$ {",
        f"        {_OPTIONS}",
        '        set $communique_link "";',
        "        set $communique_file index.html;",
        "        set $communique_graph $communique_entity_data;",
        "        set $communique_any $communique_entity_best;",
        f"        if (-f ${{request_filename}}index.{first}) {{",
        f"            set $communique_link '{link_value(formats, of_release=False)}';",
        f"            set $communique_file index.{first};",
        "        }",
        f"        if (-f ${{request_filename}}index.{mark_of_release(formats)}) {{",
        f"            set $communique_link '{link_value(formats, of_release=True)}';",
        "            set $communique_graph $communique_data;",
        "            set $communique_any $communique_best;",
        "        }",
        "        # what one syntax cannot hold has no such file",
        "        if (-f ${request_filename}index.$communique_graph) { set $communique_file index.$communique_graph; }",
        "        if (-f ${request_filename}index.$communique_any) { set $communique_file index.$communique_any; }",
        "        # add_header of the outer block does not count where there is one of its own",
        *_headers("        "),
        "        add_header Vary Accept always;",
        "        add_header Link $communique_link;",
        "        add_header Content-Location $communique_file;",
        "        rewrite ^ $uri$communique_file break;",
        "    }",
    ]
