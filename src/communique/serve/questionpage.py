"""Pages as the server sends them: their forms are answered by it, and say so.

A form for which the page has a program is answered in the browser, if that runs JavaScript: the program then puts its
own sentence in the place of the server's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from shlex import quote
from typing import Final

_ANSWER: Final = re.compile(r'(<div id="answer">).*?(</div>\s*<details class="fold">)', re.DOTALL)
_FORM: Final = re.compile(r'<form class="ask".*?</form>', re.DOTALL)
_NARROWS: Final = re.compile(r' data-filter="[^"]*"')
_PROGRAM: Final = re.compile(r' data-ask="[^"]*"')
_HOW: Final = re.compile(r'(<span id="how">).*?(</span>)', re.DOTALL)
_COMMAND: Final = re.compile(r'(<span id="how">.*?</span> <code>).*?(</code>)', re.DOTALL)
_SEARCH: Final = re.compile(r'(<form class="ask" id="search" role="search") hidden>')
_EDITOR: Final = re.compile(r'(<form id="sparql"[^>]* data-ask="\{)')
_SELECT: Final = re.compile(r'(<select name="([^"]*)"[^>]*>)(.*?)(</select>)', re.DOTALL)
_OPTION: Final = re.compile(r'<option value="([^"]*)"( selected)?>')
_INPUT: Final = re.compile(r'(<input name="([^"]*)" value=")[^"]*(")')
_LANGUAGE: Final = re.compile(r'<html[^>]*\slang="([^"]*)"')


def language_of(page: str) -> str:
    """The language that a page says it is in."""
    found = _LANGUAGE.search(page)
    return found[1] if found else "en"


def with_sent_form(page: str, how: str) -> str:
    """The page with a form that is sent to the server, where ``how`` is the sentence that says so.

    It does not narrow the rows of the build, unless it has a program, which needs them.
    """
    form = _FORM.search(page)
    if form is None:
        return page
    if not _PROGRAM.search(form[0].partition(">")[0]):
        page = _FORM.sub(lambda m: _NARROWS.sub("", m[0], count=1), page, count=1)
    return _HOW.sub(lambda m: f"{m[1]}{escape(how)}{m[2]}", page, count=1)


def with_answer(page: str, answer: str, name: str, values: Mapping[str, str], how: str) -> str:
    """The page with an answer in the place of its own, and the values in its form.

    Who asks the server has left nothing to the program of the page, so the form is answered by the server again, as
    ``how`` says before the command that gives the same answer.
    """
    command = " ".join([f"communique query {name}", *(f"--{key} {quote(value)}" for key, value in values.items())])
    page = _ANSWER.sub(lambda m: f"{m[1]}\n{answer}\n{m[2]}", page, count=1)
    page = _FORM.sub(lambda m: _fill(_PROGRAM.sub("", m[0], count=1), values), page, count=1)
    return _COMMAND.sub(lambda m: f"{m[1]}{escape(command)}{m[2]}", with_sent_form(page, how), count=1)


def with_search(page: str) -> str:
    """The start page with a search that also works without JavaScript: it leads to ``/search``, in its language."""
    field = f'<input type="hidden" name="language" value="{escape(language_of(page))}">'
    return _SEARCH.sub(lambda m: f'{m[1]} action="search">{field}', page, count=1)


def with_endpoint(page: str) -> str:
    """The editor with the address of ``/sparql``, relative to its own, which it asks instead of the browser."""
    return _EDITOR.sub(lambda m: m[1] + escape('"endpoint": "sparql", '), page, count=1)


CHANGED: Final = (
    (re.compile(r"(index(\.[a-z]+)?\.html)?"), with_search),
    (re.compile(r"sparql(\.[a-z]+)?\.html"), with_endpoint),
)
"""Which paths of pages are sent with which change, beside the pages of questions."""


def _fill(form: str, values: Mapping[str, str]) -> str:
    def choose(select: re.Match[str]) -> str:
        wanted = values.get(select[2], "")
        known = wanted in (unescape(m[1]) for m in _OPTION.finditer(select[3]))
        options = _OPTION.sub(
            lambda m: f'<option value="{m[1]}"{" selected" if unescape(m[1]) == wanted else ""}>', select[3]
        )
        more = "" if known or not wanted else f'<option value="{escape(wanted)}" selected>{escape(wanted)}</option>'
        return select[1] + more + options + select[4]

    form = _SELECT.sub(choose, form)
    return _INPUT.sub(lambda m: m[1] + escape(values.get(m[2], "")) + m[3], form)
