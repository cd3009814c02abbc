"""What to write in place of a key or class of a record that does not exist: schema.org may have it."""

from __future__ import annotations

from functools import lru_cache

from communique.context import AUTHORING_KEYS, FORM_KEYS, MADE_CLASSES, MADE_KEYS, Context, Term
from communique.errors import did_you_mean, nearest
from communique.schemaorg import PREFIX, read_vocabulary
from communique.terms import SCHEMA


def unknown_property(key: str, context: Context) -> str | None:
    """What to write in place of a key that does not exist, or None."""
    if key in MADE_KEYS:
        return "leave it out"
    vocabulary = read_vocabulary()
    name = _local(key)
    form = next((form for form, keys in FORM_KEYS.items() if key in keys), None)
    if form is not None and name not in vocabulary.properties:
        return f"write it in {form}: {form}: {{{key}: …}}"
    if name in vocabulary.properties:
        return _write(context.term(PREFIX + name), key)
    if name in vocabulary.classes:
        return f"{PREFIX}{name} is a class: write type: {context.class_name(PREFIX + name)}"
    writable = [*(context.terms.keys() - MADE_KEYS), *AUTHORING_KEYS, "id", "type"]
    return did_you_mean(_nearest(name, frozenset(writable), "properties"), otherwise="leave it out", quoted=False)


def unknown_class(name: str, context: Context) -> str | None:
    """What to write in place of a class that does not exist, or None."""
    vocabulary = read_vocabulary()
    local = _local(name)
    if local in vocabulary.classes.keys() - vocabulary.datatypes:
        known = context.class_name(PREFIX + local)
        return f"write {known}" if known in context.classes else f"schema.org has it: write {known}"
    near = _nearest(local, frozenset(context.classes.keys() - MADE_CLASSES), "classes")
    return did_you_mean(near, otherwise="", quoted=False) or None


def _local(name: str) -> str:
    """A term without whatever it begins with for schema.org: the prefix, or the namespace as a whole."""
    for start in (PREFIX, SCHEMA, SCHEMA.replace("http:", "https:")):
        if name.startswith(start):
            return name.removeprefix(start)
    return name


def _write(term: Term | None, key: str) -> str | None:
    if term is None:
        return None
    return f"write {term.key}" if PREFIX not in term.key else f"schema.org has it: write {term.key}"


@lru_cache(maxsize=1 << 10)
def _nearest(name: str, own: frozenset[str], table: str) -> str | None:
    """The term most similar to a name: one of our ``own`` names, or one of schema.org with its prefix."""
    vocabulary = read_vocabulary()
    theirs = (vocabulary.properties if table == "properties" else vocabulary.classes).keys() - vocabulary.datatypes
    near = nearest(name, own | theirs)
    return near if near is None or near in own else PREFIX + near
