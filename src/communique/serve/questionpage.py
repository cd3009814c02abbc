"""The page of a question with another answer than that of the build, for forms that are sent without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from shlex import quote
from typing import Final

_ANSWER: Final = re.compile(r'(<div id="answer">).*?(</div>\s*<details class="fold">)', re.DOTALL)
_FORM: Final = re.compile(r'<form class="ask".*?</form>', re.DOTALL)
_NARROWS: Final = re.compile(r' data-filter="[^"]*"')
_COMMAND: Final = re.compile(r'(<span id="how">).*?(</span> <code>).*?(</code>)', re.DOTALL)
_SELECT: Final = re.compile(r'(<select name="([^"]*)"[^>]*>)(.*?)(</select>)', re.DOTALL)
_OPTION: Final = re.compile(r'<option value="([^"]*)"( selected)?>')
_INPUT: Final = re.compile(r'(<input name="([^"]*)" value=")[^"]*(")')
_LANGUAGE: Final = re.compile(r'<html[^>]*\slang="([^"]*)"')


def language_of(page: str) -> str:
    """The language that a page says it is in."""
    found = _LANGUAGE.search(page)
    return found[1] if found else "en"


def asks_by_itself(page: str) -> bool:
    """Whether the form of a page has a program that answers in the browser, or there is no form at all."""
    form = _FORM.search(page)
    return form is None or "data-ask=" in form[0].partition(">")[0]


def with_sent_form(page: str) -> str:
    """The page with a form that does not narrow the rows of the build but is sent to the server."""
    return _FORM.sub(lambda m: _NARROWS.sub("", m[0], count=1), page, count=1)


def with_answer(page: str, answer: str, name: str, values: Mapping[str, str], label: str) -> str:
    """The page with an answer in the place of its own, and the values in its form.

    The form does not narrow the rows any more, and is sent to the server. ``label`` is what stands before the command
    that gives the same answer.
    """
    command = " ".join([f"communique query {name}", *(f"--{key} {quote(value)}" for key, value in values.items())])
    page = _ANSWER.sub(lambda m: f"{m[1]}\n{answer}\n{m[2]}", page, count=1)
    page = _FORM.sub(lambda m: _fill(m[0], values), with_sent_form(page), count=1)
    return _COMMAND.sub(lambda m: f"{m[1]}{escape(label)}{m[2]}{escape(command)}{m[3]}", page, count=1)


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
