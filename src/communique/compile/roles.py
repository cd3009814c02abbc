"""The roles of a person, written in the person: a node for each entry of ``role``.

A role in an organisation is a Membership (W3C Organization Ontology, section 3.5), any other a schema:Role.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from communique.compile.entries import Form, FormEntry, add_node, entries_of, last_step
from communique.compile.expand import Expansion
from communique.compile.nodes import RecordNode
from communique.compile.values import describe
from communique.context import FORM_KEYS

ROLE: Final = Form(
    "role",
    FORM_KEYS["role"],
    "{title: …, of: …}",
    renamed={"roleName": "title", "organization": "of", "startDate": "from", "endDate": "until"},
    apart=("former",),
)
FORMER: Final = "FormerRole"
_IN_ORGANISATION: Final = ("Membership", "OrganizationRole")
_ELSEWHERE: Final = ("Role",)
_LONGEST_SLUG: Final = 40  # characters of a title in an id


def add_roles(expansion: Expansion, person: RecordNode) -> None:
    """Add a node for each entry of ``role``: a Membership if it names an organisation, else a Role.

    A Membership needs no title: "she worked at Sample Works" gives none.
    The first role in an organisation has the id ``this:role-<person>-<organisation>``; the title is added to those of
    the others.
    """
    names: set[str] = set()
    seen: list[tuple[object, ...]] = []
    for entry in entries_of(expansion, person, ROLE):
        if "title" not in entry.written and "of" not in entry.written:
            message = "this role has no title and no organisation"
            fix = "write its title, or for somebody who only works or worked somewhere: role: {of: org/…}"
            expansion.report("incomplete-role", message, entry.pointer, focus=person.iri.value, path="role", fix=fix)
            continue
        same = tuple(entry.written.get(key) for key in ("title", "of", "from", "until", "id"))
        if same in seen:
            message = "this person has this role twice"
            expansion.report("duplicate-id", message, entry.pointer, focus=person.iri.value, fix="take one of them out")
            continue
        seen.append(same)
        name = _name(expansion, entry, names)
        names.add(name)
        types = _IN_ORGANISATION if "of" in entry.written else _ELSEWHERE
        former = _is_former(expansion, entry)
        role = add_node(expansion, entry, f"this:{name}", (*types, *((FORMER,) if former else ())))
        if role is None:
            continue
        if "title" not in entry.written and not entry.written.keys() <= {*ROLE.keys}:
            del expansion.nodes[role.iri]  # the unknown key, which is reported, may be its title
            continue
        if "of" in entry.written:
            expansion.fact(role, "member", person.iri, rule="role")
        else:
            person.renamed["hasOccupation"] = ROLE.key
            expansion.fact(person, "hasOccupation", role.iri, index=entry.number - 1)


def _name(expansion: Expansion, entry: FormEntry, taken: set[str]) -> str:
    """The name of a role inside the release: person and organisation, and the title where those are not enough."""
    of = entry.written.get("of")
    named = of.get("id", of.get("@id")) if isinstance(of, Mapping) else of
    organization = expansion.resolve(named) if isinstance(named, str) else None
    first = f"role-{last_step(entry.holder.iri)}"
    name = first if organization is None else f"{first}-{last_step(organization)}"
    title = slug_of(entry.written.get("title"))
    if title and (organization is None or name in taken):
        name = f"{name}-{title}"
    return name if name not in taken and name != first else f"{name}-{entry.number}"


def slug_of(title: object) -> str:
    """The letters and digits of a title that an id may have; "" if there are none."""
    plain = unicodedata.normalize("NFKD", title.lower()) if isinstance(title, str) else ""
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode())[:_LONGEST_SLUG].strip("-")


def _is_former(expansion: Expansion, entry: FormEntry) -> bool:
    """Whether a role is one that the person no longer held, by ``former`` or by the first word of its title."""
    former, title = entry.written.get("former"), entry.written.get("title")
    if former in (True, "true"):
        return True
    word = _former_word(title, expansion.language)
    says = word is not None
    if former in (False, "false"):
        if word is not None and word.endswith("?"):
            return False
        if says:
            message = f"former is false, but the title says that somebody had it before: {title!r}"
            fix = "leave former out, or write true"
            expansion.report("not-a-choice", message, (*entry.pointer, "former"), path="former", fix=fix)
        return says
    if former is not None:
        message = f"former is true or false, not {describe(former)}"
        expansion.report("not-a-choice", message, (*entry.pointer, "former"), path="former", fix="write former: true")
    return says


def _former_word(title: object, language: str) -> str | None:
    """The entry of the table whose word or words a title begins with, if somebody had it before."""
    own = title.strip().lower() if isinstance(title, str) else ""
    first = re.split(r"[\s\u2010-\u2015-]", own, maxsplit=1)[0]
    words = _former_words().get(language.partition("-")[0].lower(), [])
    for word in words:
        if first == word.rstrip("?") or own.startswith((f"{word} ", f"{word}-")):
            return word
        if word.endswith("*") and first.startswith(word[:-1]):
            return word
    return None


@cache
def _former_words() -> Mapping[str, list[str]]:
    """By language, the first words of titles that somebody had before; one that ends in * is a beginning of words,
    and one that ends in ? may be a word of an office that is still held ("Past Chair").
    """
    words: Mapping[str, list[str]] = json.loads(Path(__file__).with_name("former.json").read_text(encoding="utf-8"))
    return words
