"""What several people of one title are called: "volunteers" for the title "volunteer", by rules for languages."""

from __future__ import annotations

from collections.abc import Iterator

from communique.text.tables import table


def plurals_of(title: str, language: str) -> tuple[str, ...]:
    """The plural forms of a title: of its last word, and of the one before "of" and the like.

    >>> plurals_of("volunteer", "en"), plurals_of("head of unit", "en"), plurals_of("deputy", "en")
    (('volunteers',), ('head of units', 'heads of unit'), ('deputies',))
    """
    return tuple(dict.fromkeys(_plurals(title, table("plurals", language))))


def _plurals(title: str, rules: dict[str, list[str]]) -> Iterator[str]:
    """Each plural, by rules "ending>ending of the plural", of which the first that fits counts."""
    words = title.split()
    heads = [len(words) - 1, *(k - 1 for k, word in enumerate(words) if word.lower() in rules.get("links", ()) and k)]
    for k in heads if words else ():
        for rule in rules.get("endings", ()):
            ending, _, plural = rule.partition(">")
            if words[k].endswith(ending):
                yield " ".join([*words[:k], words[k][: len(words[k]) - len(ending)] + plural, *words[k + 1 :]])
                break


def address_forms(prefix: str, language: str) -> tuple[str, ...]:
    """What stands before the names of several people of one form of address.

    >>> address_forms("Dr.", "en"), address_forms("M.", "fr")
    (('drs',), ('mm', 'messieurs'))
    """
    return tuple(table("plurals", language).get("address", {}).get(prefix.rstrip(".").lower(), ()))


def is_listed(gap: str, language: str) -> bool:
    """Whether the words between a form of address for several people and a name are a list that the name goes on.

    >>> is_listed(" Nora Abel and ", "en"), is_listed(" Nora Abel met ", "en"), is_listed(" Abel and Moss, ", "en")
    (True, False, False)
    >>> is_listed(" Nora Abel Reed ", "en"), is_listed(" Nora Abel met Tom Elm and ", "en")
    (False, False)
    """
    joiners = table("joiners", language).get("joiners", ())
    words = gap.split()
    if words and words[-1] in joiners:
        words.pop()
    elif words and not words[-1].endswith((",", ".")):
        return False
    return all(word[0].isupper() or word == "." for word in words)
