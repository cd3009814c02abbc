"""Line breaks of templates: they lay out the template for its reader, and an empty line is a line break of the page."""

from __future__ import annotations

import re
from typing import Final

from jinja2.ext import Extension

_JINJA_OR_BREAK: Final = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})|[ \t\r]*\n\s*", re.DOTALL)


def fold(template: str) -> str:
    r"""A template in which a line break, with the white space around it, is none of the page; an empty line is one.

    Each break that goes becomes a comment over as many lines, so that errors of Jinja name the right line.

    >>> fold("<p>\n  {{ words }}\n</p>\n\n<p></p>")
    '<p>{#\n#}{{ words }}{#\n#}</p>\n{#\n#}<p></p>'
    """
    return _JINJA_OR_BREAK.sub(lambda found: found[1] or _folded(found[0].count("\n")), template)


def _folded(breaks: int) -> str:
    return ("\n" if breaks > 1 else "") + "{#" + "\n" * (breaks - (breaks > 1)) + "#}"


class FoldedLines(Extension):
    """Reads every template of an environment by the rule of `fold`."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source that Jinja compiles."""
        return fold(source)
