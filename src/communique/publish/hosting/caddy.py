"""Rules for Caddy 2: a Caddyfile with one site."""

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
    SiteAddress,
    choices,
    content_type,
    link_value,
    mark_of_release,
    namespace_path,
    negotiated,
    quality_pattern,
    suffix_types,
    text_types,
)


def render_caddyfile(site: SiteAddress, formats: Sequence[Format]) -> str:
    """A Caddyfile for 2.6 or later; its site block can be imported into another Caddyfile."""
    path = site.path
    folder = [f'    redir "{path[:-1]}" {site.quoted} 301'] if path != "/" else []
    lines = [
        f"# {site.origin}{site.quoted}: import this file into your Caddyfile, or run Caddy with it.",
        f"# COMMUNIQUE_ROOT is the folder in which {path} is the publication.",
        *(f"# {line.format(default=negotiated(formats)[0].suffix)}" for line in ACCEPT_NOTE),
        f"{{$COMMUNIQUE_ADDRESS:{site.origin}}} {{",
        "    root * {$COMMUNIQUE_ROOT:/var/www}",
        *_maps(formats),
        *_compression(formats),
        *folder,
        *(f"    {line}" for line in _namespace(site)),
        f'    @publication path "{path}*"',
        "    route @publication {",
        *(f"        {line}" for line in _answers(site, formats)),
        "    }",
        "    handle_errors {",
        "        @missing expression {http.error.status_code} == 404",
        "        handle @missing {",
        f'            rewrite * "{path}404.html"',
        f'            header Content-Type "{content_type("html", "text/html")}"',
        "            header -Cache-Control",
        f'            header Content-Security-Policy "{POLICY}"',
        "            file_server",
        "        }",
        "    }",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _maps(formats: Sequence[Format]) -> list[str]:
    """Maps from the headers of a request; Caddy evaluates a map only when its placeholder is used."""
    types = {"html": "text/html"} | {f.suffix: f.media_type for f in negotiated(formats)}
    lines = []
    for suffix, media_type in types.items():
        pattern = f"`~(?i){quality_pattern(media_type)}` `q${{1}}`"
        lines += [f"    map {{header.Accept}} {{communique_{suffix}}} {{", f"        {pattern}", "        default ``"]
        lines.append("    }")
    for choice in choices(formats):
        source = " ".join(f"{s}={{communique_{s}}}" for s in choice.suffixes)
        lines += [f"    map `{source}` {{communique_{choice.name}}} {{"]
        lines += [f"        `~{tier}` `${{1}}`" for tier in TIERS]
        lines += [f"        default {choice.default or '{communique_default}'}", "    }"]
    lines += ["    map {communique_best} {communique_default} {", "        html html"]
    lines += [f"        default {choices(formats)[-1].default}", "    }"]
    # the path as it was sent, without its leading slash, and the query: nothing decoded gets into a header
    lines += ["    map {http.request.orig_uri} {communique_tail} {communique_query} {"]
    lines += [r"        `~^/+([^?]*)(\?.*)?$` `${1}` `${2}`", "        default `` ``", "    }"]
    return lines


def _compression(formats: Sequence[Format]) -> list[str]:
    return [
        "    encode gzip {",
        "        minimum_length 512",
        "        match {",
        *(f"            header Content-Type {media_type}*" for media_type in text_types(formats)),
        "        }",
        "    }",
    ]


def _alias(site: SiteAddress, name: str, pattern: str, alias: Alias) -> list[str]:
    matcher = f"@{name} path_regexp {name} `^{pattern}$`"
    goal = alias.target.replace("$1", f"{{re.{name}.1}}")
    if not alias.page:
        return [matcher, f"redir @{name} {site.quoted}{goal} 303"]
    return [
        matcher,
        f"route @{name} {{",
        "    header Vary Accept",
        f"    @{name}_page {{",
        f'        file "{site.path}{alias.page_file}"',
        "        vars {communique_best} html",
        "    }",
        f"    redir @{name}_page {site.quoted}{alias.page} 303",
        f"    redir * {site.quoted}{goal} 303",
        "}",
    ]


def _aliases(site: SiteAddress) -> list[str]:
    start = site.path.replace(".", "[.]")
    found = (_alias(site, f"alias{number}", start + alias.pattern, alias) for number, alias in enumerate(ALIASES))
    return [line for lines in found for line in lines]


def _namespace(site: SiteAddress) -> list[str]:
    """The route for the IRI of the vocabulary, if it is an address of this host."""
    path = namespace_path(site)
    if not path:
        return []
    lines = (*_common_directives(), *_alias(site, "namespace", path, VOCABULARY))
    return [f'@vocabulary path "{path}"', "route @vocabulary {", *(f"    {line}" for line in lines), "}"]


def _common_directives() -> list[str]:
    """Headers of every response, and the whole response to OPTIONS."""
    return [
        *(f'header {name} "{value}"' for name, value in HEADERS.items()),
        f'header Cache-Control "{CACHE_CONTROL}"',
        "@preflight method OPTIONS",
        *(f'header @preflight {name} "{value}"' for name, value in PREFLIGHT.items()),
        "respond @preflight 204",
    ]


def _found(name: str, choice: str, first: str) -> list[str]:
    names = (f"{{communique_{choice}best}}", f"{{communique_{choice}data}}", first, "html")
    return [
        f"@{name} file {' '.join('{path}index.' + each for each in names)}",
        f"route @{name} {{",
        "    rewrite {http.matchers.file.relative}",
        "    header Content-Location {file}",
        "}",
    ]


def _answers(site: SiteAddress, formats: Sequence[Format]) -> list[str]:
    """The directives for a request, in the order in which they apply."""
    path, types = site.path, suffix_types(formats)
    first = negotiated(formats)[0].suffix
    lines = [
        *_common_directives(),
        *_aliases(site),
        "# The address without a slash is that of the thing, the one with it that of what is written about it.",
        "@thing {",
        "    not path */",
        "    file {path}/",
        "}",
        "redir @thing /{communique_tail}/{communique_query} 303",
        "@page path */",
        "route @page {",
        "    header Vary Accept",
        f"    @entity file {{path}}index.{first}",
        f"    header @entity Link `{link_value(formats, of_release=False)}`",
        f"    @release file {{path}}index.{mark_of_release(formats)}",
        f"    header @release Link `{link_value(formats, of_release=True)}`",
        "    # what one syntax cannot hold has no such file: then the first one",
        "    route @release {",
        *(f"        {line}" for line in _found("of_release", "", first)),
        "    }",
        *(f"    {line}" for line in _found("of_entity", "entity_", first)),
        "}",
    ]
    for suffix, media_type in sorted(types.items()):
        lines.append(f"@{suffix} path *.{suffix}")
        lines.append(f'header @{suffix} Content-Type "{content_type(suffix, media_type)}"')
    lines += [
        f'header "{path}.well-known/void" Content-Type "{content_type(TURTLE.suffix, TURTLE.media_type)}"',
        *(f"# {line}" for line in POLICY_NOTE),
        "@shown path *.html *.svg",
        f'header @shown Content-Security-Policy "{POLICY}"',
        "file_server {",
        "    disable_canonical_uris",
        "}",
    ]
    return lines
