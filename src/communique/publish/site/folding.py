"""Line breaks in templates: a single one is only layout of the template; an empty line is a line break of the page."""

from __future__ import annotations

import re
from typing import Final

from jinja2.ext import Extension

_JINJA_OR_BREAK: Final = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})|[ \t\r]*\n\s*", re.DOTALL)


def fold(template: str) -> str:
    r"""A template whose line breaks, with the white space around them, do not reach the page; an empty line does.

    Each removed break becomes a comment that spans as many lines, so that Jinja's errors name the right line.

    >>> fold("<p>\n  {{ words }}\n</p>\n\n<p></p>")
    '<p>{#\n#}{{ words }}{#\n#}</p>\n{#\n#}<p></p>'
    """
    return _JINJA_OR_BREAK.sub(lambda match: match[1] or _comment_for(match[0].count("\n")), template)


def _comment_for(breaks: int) -> str:
    return ("\n" if breaks > 1 else "") + "{#" + "\n" * (breaks - (breaks > 1)) + "#}"


class FoldedLines(Extension):
    """A Jinja extension that applies `fold` to every template of an environment."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The folded source, which Jinja compiles."""
        return fold(source)
