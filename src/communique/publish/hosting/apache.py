"""Rules for Apache: ``.htaccess`` of the publication, and the one that redirects persistent IRIs to it."""

from __future__ import annotations

from collections.abc import Sequence

from communique import artefacts
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
    Alias,
    SiteAddress,
    choices,
    content_type,
    link_value,
    mark_of_release,
    negotiated,
    quality_pattern,
    suffix_types,
    text_types,
)
from communique.terms import ONTOLOGY

_FIRST_TIER = "(?|" + "|".join("^.*?" + tier for tier in TIERS) + ")"
"""All tiers in one pattern: the alternatives are tried in turn, and each has group 1."""


def render_htaccess(site: SiteAddress, formats: Sequence[Format]) -> str:
    """The ``.htaccess`` of the folder of a publication; Apache 2.4 with mod_rewrite, mod_headers, mod_mime, mod_dir."""
    lines = [
        f"# To be put as .htaccess into the folder that is {site.origin}{site.quoted}",
        "# or included in its <Directory>. Apache 2.4 with rewrite, headers, mime, dir (to compress: deflate, filter).",
        "# A .htaccess needs AllowOverride FileInfo Indexes. MultiViews must be off, as it is by default.",
        "# No address that ends in a slash gets past the rewriting below, so no folder is ever listed.",
        "DirectoryIndex disabled",
        "AddDefaultCharset Off",
        "FileETag MTime Size",
        f'ErrorDocument 404 "{site.quoted}404.html"',
        *(f"AddType '{content_type(s, t)}' .{s}" for s, t in sorted(suffix_types(formats).items())),
        f"<Files \"void\">\n    ForceType '{content_type(TURTLE.suffix, TURTLE.media_type)}'\n</Files>",
        "",
        "RewriteEngine On",
        f'RewriteBase "{site.path}"',
        *_OPTIONS,
        *_choices(formats),
        *(line for alias in ALIASES for line in _alias(alias)),
        "# The address without a slash is that of the thing, the one with it that of what is written about it.",
        "RewriteCond %{REQUEST_FILENAME} -d",
        "RewriteRule ^(.*[^/])$ $1/ [R=303,L]",
        "RewriteRule [^/]$ - [L]",
        *_files(formats),
        "",
        *_headers(formats),
        "",
        *_compression(formats),
    ]
    return "\n".join(lines) + "\n"


_OPTIONS = ["RewriteCond %{REQUEST_METHOD} =OPTIONS", "RewriteRule ^ - [R=204,L]"]


def _alias(alias: Alias) -> list[str]:
    """Redirect to the HTML page if that file exists; its folder is cut from the file name of the request."""
    if not alias.page:
        return [f"RewriteRule ^{alias.pattern}$ {alias.target} [R=303,L]"]
    return [
        "RewriteCond %{ENV:communique_best} =html",
        f"RewriteCond %{{REQUEST_FILENAME}} ^(.*/){alias.pattern}$",
        f"RewriteCond %1{alias.page_file} -f",
        f"RewriteRule ^{alias.pattern}$ {alias.page} [R=303,L,E=communique_varies:yes]",
        f"RewriteRule ^{alias.pattern}$ {alias.target} [R=303,L,E=communique_varies:yes]",
    ]


def _preflight() -> list[str]:
    is_preflight = "\"expr=%{REQUEST_METHOD} == 'OPTIONS'\""
    return [f'Header always set {name} "{value}" {is_preflight}' for name, value in PREFLIGHT.items()]


def _choices(formats: Sequence[Format], names: Sequence[str] = ()) -> list[str]:
    """Read Accept into a variable for each of the `choices`, or for those with the given names."""
    offered = negotiated(formats)
    types = {"html": "text/html"} | {f.suffix: f.media_type for f in offered}
    lines = [f"# {line.format(default=offered[0].suffix)}" for line in ACCEPT_NOTE]
    for suffix, media_type in types.items():
        lines.append(f'RewriteCond %{{HTTP:Accept}} "{quality_pattern(media_type)}" [NC]')
        lines.append(f"RewriteRule ^ - [E=communique_{suffix}:q%1]")
    for choice in choices(formats):
        if not names or choice.name in names:
            source = " ".join(f"{s}=%{{ENV:communique_{s}}}" for s in choice.suffixes)
            lines.append(f"RewriteRule ^ - [E=communique_{choice.name}:{choice.default or choice.suffixes[0]}]")
            if not choice.default:
                lines.append("RewriteCond %{ENV:communique_best} !=html")
                lines.append(f"RewriteRule ^ - [E=communique_{choice.name}:{choice.suffixes[1]}]")
            lines.append(f'RewriteCond "{source}" "{_FIRST_TIER}"')
            lines.append(f"RewriteRule ^ - [E=communique_{choice.name}:%1]")
    return lines


def _files(formats: Sequence[Format]) -> list[str]:
    first = negotiated(formats)[0].suffix
    return [
        "RewriteRule ^ - [E=communique_file:index.html]",
        "RewriteRule ^ - [E=communique_graph:%{ENV:communique_entity_data}]",
        "RewriteRule ^ - [E=communique_any:%{ENV:communique_entity_best}]",
        f"RewriteCond %{{REQUEST_FILENAME}}/index.{first} -f",
        f"RewriteRule ^ - [E=communique_file:index.{first},E=communique_entity:yes]",
        f"RewriteCond %{{REQUEST_FILENAME}}/index.{mark_of_release(formats)} -f",
        "RewriteRule ^ - [E=communique_entity:no,E=communique_release:yes,"
        "E=communique_graph:%{ENV:communique_data},E=communique_any:%{ENV:communique_best}]",
        "# What one syntax cannot hold has no such file.",
        "RewriteCond %{REQUEST_FILENAME}/index.%{ENV:communique_graph} -f",
        "RewriteRule ^ - [E=communique_file:index.%{ENV:communique_graph}]",
        "RewriteCond %{REQUEST_FILENAME}/index.%{ENV:communique_any} -f",
        "RewriteRule ^ - [E=communique_file:index.%{ENV:communique_any}]",
        "RewriteCond %{REQUEST_FILENAME}/%{ENV:communique_file} !-f",
        "RewriteRule ^ - [R=404,L]",
        "RewriteRule ^(.*)$ $1%{ENV:communique_file} [L,E=communique_chosen:%{ENV:communique_file}]",
    ]


def _headers(formats: Sequence[Format]) -> list[str]:
    links = {"entity": link_value(formats, of_release=False), "release": link_value(formats, of_release=True)}
    return [
        *(f'Header always set {name} "{value}"' for name, value in HEADERS.items()),
        *_preflight(),
        f'Header set Cache-Control "{CACHE_CONTROL}" "expr=%{{REQUEST_STATUS}} -lt 400"',
        "Header always merge Vary Accept env=communique_varies",
        "Header merge Vary Accept env=REDIRECT_communique_chosen",
        'Header set Content-Location "%{REDIRECT_communique_chosen}e" env=REDIRECT_communique_chosen',
        *(_link(kind, link) for kind, link in links.items()),
        *(f"# {line}" for line in POLICY_NOTE),
        '<FilesMatch "[.](?:html|svg)$">',
        f'    Header always set Content-Security-Policy "{POLICY}"',
        "</FilesMatch>",
    ]


def _link(kind: str, link: str) -> str:
    quoted = link.replace('"', '\\"')
    return f"""Header set Link "{quoted}" "expr=reqenv('REDIRECT_communique_{kind}') == 'yes'\""""


def _compression(formats: Sequence[Format]) -> list[str]:
    return [
        "<IfModule mod_deflate.c>",
        "    <IfModule mod_filter.c>",
        f"        AddOutputFilterByType DEFLATE {' '.join(text_types(formats))}",
        "        # mod_deflate appends -gzip to an ETag and does not know it again",
        """        RequestHeader edit* If-None-Match '-gzip"' '"'""",
        "    </IfModule>",
        "</IfModule>",
    ]


# ---- persistent IRIs


def render_w3id(base: SiteAddress, site: SiteAddress, formats: Sequence[Format]) -> str:
    """Redirects from the IRIs below ``base`` to ``site``: 303, because they name things (RFC 9110, section 15.4.4).

    The file belongs in the first folder of the base. It also negotiates, because most static hosts cannot.
    """
    folder, prefix = split_base(base)
    target = (site.origin + site.path).replace("%", "\\%")
    others = "|".join(artefacts.NAMES)
    entity = f"^{prefix.replace('.', '[.]')}((?!(?:{others})/)[a-z]+/[^/]+)/?$"
    below = f"^{prefix.replace('.', '[.]')}"
    lines = [
        f"# To be put as .htaccess into the folder that is {base.origin}{folder}",
        f"# {base.origin}{base.quoted}… -> {site.origin}{site.quoted}…",
        "RewriteEngine On",
        *_OPTIONS,
        *_choices(formats, ["best", "entity_best"]),
        f'RewriteRule "{below}?$" "{target}" [R=303,L]' if prefix else f'RewriteRule "^$" "{target}" [R=303,L]',
        *_alias_rules(below, prefix, target),
        *(_vocabulary(base.origin + folder, target)),
        "RewriteCond %{ENV:communique_best} !=html",
        f'RewriteRule "{below}(release/[^/]+)/?$" "{target}$1/index.%{{ENV:communique_best}}" [R=303,L]',
        "RewriteCond %{ENV:communique_entity_best} !=html",
        f'RewriteRule "{entity}" "{target}$1/index.%{{ENV:communique_entity_best}}" [R=303,L]',
        f'RewriteRule "{entity}" "{target}$1/" [R=303,L]',
        f'RewriteRule "{below}(.+)$" "{target}$1" [R=303,L]',
        "<IfModule mod_headers.c>",
        '    Header always set Access-Control-Allow-Origin "*"',
        *(f"    {line}" for line in _preflight()),
        "    Header always set Vary Accept",
        "</IfModule>",
    ]
    return "\n".join(lines) + "\n"


def split_base(base: SiteAddress) -> tuple[str, str]:
    """The first folder of a base, and what is below it.

    >>> split_base(SiteAddress("https://w3id.org", "/communique/id/"))
    ('/communique/', 'id/')
    """
    first, _, rest = base.path[1:].partition("/")
    return (f"/{first}/" if first else "/"), rest


def _alias_rules(below: str, prefix: str, target: str) -> list[str]:
    """A named graph is redirected like its release, so that it is negotiated; the others are one file."""
    lines = []
    for alias in ALIASES:
        if alias.target.endswith("/"):
            lines.append(f'RewriteRule "{below}{alias.pattern}$" "{prefix}{alias.target[:-1]}" [DPI]')
            continue
        if alias.page:
            lines.append("RewriteCond %{ENV:communique_best} =html")
            lines.append(f'RewriteRule "{below}{alias.pattern}/?$" "{target}{alias.page}" [R=303,L]')
        lines.append(f'RewriteRule "{below}{alias.pattern}/?$" "{target}{alias.target}" [R=303,L]')
    return lines


def _vocabulary(folder: str, target: str) -> list[str]:
    """Rules for the IRI of the ontology, if it is in the same folder."""
    if not ONTOLOGY.startswith(folder):
        return []
    name = ONTOLOGY.removeprefix(folder)
    return [
        "RewriteCond %{ENV:communique_best} !=html",
        f'RewriteRule "^{name}/?$" "{target}ontology/communique.ttl" [R=303,L]',
        f'RewriteRule "^{name}/?$" "{target}ontology/" [R=303,L]',
        f'RewriteRule "^shapes/?$" "{target}shapes/" [R=303,L]',
    ]
