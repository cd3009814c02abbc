"""Texts that say something of their node only by the words around them: other names, descriptions, values of terms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pyoxigraph import Literal

from communique.compile.nodes import RecordFact
from communique.compile.relations.cues import beginning_with
from communique.compile.relations.frame import AGENTS, Frame, local
from communique.compile.relations.terms import stems_of
from communique.terms import RDF, XSD
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.quotationmarks import quotations_of

OTHER_NAMES: Final = frozenset({"alternateName", "legalName"})
PARTS_OF_NAMES: Final = frozenset({"givenName", "familyName"})
_TEXTS: Final = frozenset({XSD + "string", RDF + "langString"})
_SELF_SAID: Final = frozenset(
    {"name", "description", "abstract", "text", "headline", "alternativeHeadline", "keywords", "identifier",
     "honorificPrefix", "honorificSuffix", "articleBody", "disambiguatingDescription", "caption", "telephone", "email",
     "faxNumber", "additionalName", "contactType", "inLanguage", "termCode", "genre"}
)  # fmt: skip
"""Keys whose texts are themselves what the text says, or have a rule of their own, also with a prefix."""
_REACH: Final = 60  # characters between a word of a term and its value
_FAR: Final = 200  # characters from a further name to the name beside which it stands
_BEFORE: Final = 30  # characters before a text in which a word that turns it stands
_SHORTEST: Final = 3  # letters of a word that two names share
_STEM: Final = 5  # letters that two forms of such a word share
_WORD: Final = re.compile(r"[^\W\d_]+(?:[.’'-][^\W\d_]+)*")
_CLAUSE: Final = re.compile(r"[;:]")
_NAMED: Final = AGENTS | {"place", "event", "work", "project"}
_OPENING: Final = frozenset(",(–—")
_BESIDE: Final = frozenset(",–—-()\"“”„«»'‘’")
_LEADING: Final = (
    "articles", "auxiliaries", "passive", "modals", "prepositions", "relative_pronouns", "degree", "called", "and"
)  # fmt: skip
"""Lists of the words that may stand between a name and what describes it."""
_QUOTES: Final = "\"“”„«»'‘’ \xa0"


def is_value_of_term(fact: RecordFact) -> bool:
    """Whether a fact is a text under a term of schema.org that has no rule of its own."""
    is_text = isinstance(fact.object, Literal) and fact.object.datatype.value in _TEXTS
    if is_text and any(map(str.isdecimal, fact.object.value)):
        return False  # an amount, a code, an address
    return is_text and fact.key.startswith("schema:") and local(fact.key) not in _SELF_SAID


def is_word_of_term(frame: Frame, fact: RecordFact, places: Sequence[Mention]) -> bool:
    """Whether a word of a term stands beside its value: "a blue hull, its [colour] since 1990"; true without a table.

    The words are known in English, from the name of the term, and where the table of a language has them.
    """
    if not frame.cues.words:
        return True
    key = local(fact.key)
    stems = frame.cues.set("terms", key, "stems")
    if not stems and frame.reading.language.lower().partition("-")[0] == "en":
        stems = frozenset(stems_of(key)) - frame.cues.set("terms", key, "weak")
    for place in places:
        window = frame.sentence(place.start)
        low, high = max(window.start, place.start - _REACH), min(window.end, place.end + _REACH)
        frame.work.spend(2)
        if any(m.start <= place.start and place.end <= m.end for m in frame.of(fact.node.iri.value, *window)):
            continue  # a name says no value: "Grey Gull"
        for hit in beginning_with(stems).finditer(frame.source, low, high):
            first, second = sorted((Span(*hit.span()), Span(*place[:2])))
            if first.end <= second.start and not _CLAUSE.search(frame.source, first.end, second.start):
                return True
    return False


# ---- names


def is_other_name(frame: Frame, fact: RecordFact, places: Sequence[Mention]) -> bool:
    """Whether words are a further name of a node: they share a word with its name, are its initials or stand beside it.

    "Dam Works (the Mill)", "Dam Works, also known as the Mill", and "the Works" anywhere.
    """
    names = [f.object.value for f in fact.node.facts.get("name", ())]
    if not names or not frame.cues.words:
        return True
    if local(fact.key) == "legalName":
        return _is_legal_name(frame, fact, places)
    if any(_are_alike(fact.object.value, name) for name in names):
        return True
    for place in places:
        window = frame.sentence(place.start)
        near = max(window.start, place.start - _FAR), min(window.end, place.end + _FAR)
        for mention in frame.of(fact.node.iri.value, *near):
            low, high = sorted((mention, place))
            if mention.how != "pronoun" and low.end <= high.start and _says_called(frame, low.end, high.start):
                return True
    return False


def _says_called(frame: Frame, start: int, end: int) -> bool:
    """Whether nothing stands between two names but words such as "also known as", marks, articles and auxiliaries."""
    between = frame.source[start:end].lower()
    if len(between) > _REACH:
        return False
    others = frame.cues.pattern("called").sub(" ", between)
    known = frame.cues.set("articles") | frame.cues.set("auxiliaries") | frame.cues.set("relative_pronouns")
    return set(_WORD.findall(others)) <= known and not _CLAUSE.search(between)


def _is_legal_name(frame: Frame, fact: RecordFact, places: Sequence[Mention]) -> bool:
    """Whether a name has a legal form in it, or a word for the legal name beside it."""
    forms = frame.cues.set("legal_forms")
    if not forms.isdisjoint(word.lower().strip(".") for word in fact.object.value.split()):
        return True
    return any(
        frame.has(("legal_name",), max(frame.sentence(p.start).start, p.start - _REACH), p.start) for p in places
    )


def _are_alike(one: str, other: str) -> bool:
    """Whether two names share a word in any of its forms, or one is the initials of the other.

    >>> _are_alike("Reading Union", "Union of Readers"), _are_alike("IUT", "International Union of Testers")
    (True, True)
    >>> _are_alike("Dam Ferries", "Harbour Line")
    False
    """
    first, second = ([word.lower() for word in _WORD.findall(name)] for name in (one, other))
    shared = any(
        a == b or a[:_STEM] == b[:_STEM] for a in first for b in second if min(len(a), len(b)) >= min(_SHORTEST, len(a))
    )
    if shared:
        return True
    return any(
        _are_initials(short, words) for short, words in ((one, _WORD.findall(other)), (other, _WORD.findall(one)))
    )


def _are_initials(short: str, words: Sequence[str]) -> bool:
    letters = [letter for letter in short.lower() if letter.isalpha()]
    initials = iter(word[0].lower() for word in words)
    return 1 < len(letters) <= len(words) and all(letter in initials for letter in letters)


def is_part_of_name(frame: Frame, fact: RecordFact) -> bool:
    """Whether a given or family name stands where the language has it in a name of two words; else true."""
    order = frame.cues.set("name_order")
    names = [f.object.value.split() for f in fact.node.facts.get("name", ())]
    pairs = [name for name in names if len(name) == 2]
    if "given first" not in order or not pairs or "-" in fact.object.value:
        return True
    place = 0 if local(fact.key) == "givenName" else 1
    return any(name[place] == fact.object.value or fact.object.value not in name for name in pairs)


# ---- descriptions


def is_description(frame: Frame, fact: RecordFact, places: Sequence[Mention]) -> bool:
    """Whether words describe a node: no denial is cut off, and they are not said of what stands beside them."""
    return any(_describes(frame, fact, place) for place in places)


def _describes(frame: Frame, fact: RecordFact, place: Mention) -> bool:
    node, window = fact.node.iri.value, frame.sentence(place.start)
    frame.work.spend(3)
    if any(m.start <= place.start and place.end <= m.end for m in frame.of(node, *window)):
        return True
    if _is_turned(frame, place) or _is_owned(frame, place):
        return False
    named = frame.of(node, *window)
    if any(_is_head(frame, m, place) for m in named):
        return True
    apart = [m for m in named if m.end <= place.start or place.end <= m.start]
    mentions = [m for m in apart if not _is_possessive(frame, m)]
    if not mentions:
        return not frame.named(node)
    if _stands_before_another(frame, node, place) or _is_behind_another(frame, node, place):
        return False
    return any(_is_joined(frame, mention, place) for mention in mentions)


def _is_head(frame: Frame, mention: Mention, place: Mention) -> bool:
    """Whether a text is itself words for a node: "an electric [ferry]", but not "captain of [the ferry]"."""
    if not (place.start <= mention.start and mention.end <= place.end) or mention.how in ("inflected", "pronoun"):
        return False
    before = set(frame.words(place.start, mention.start))
    return not before & (frame.cues.set("prepositions") | frame.cues.set("cut", "of"))


def _is_owned(frame: Frame, place: Mention) -> bool:
    """Whether a possessive stands right before a text: "its [director]" is another than the one named before."""
    window = frame.sentence(place.start)
    words = frame.words(max(window.start, place.start - _BEFORE), place.start)
    return bool(words) and words[-1] in frame.cues.set("owners")


def _is_behind_another(frame: Frame, node: str, place: Mention) -> bool:
    """Whether a text stands in apposition right behind the name of another: "Works built the Dam, [a high wall]"."""
    window = frame.sentence(place.start)
    before = [
        m for m in frame.mentions(_NAMED, window.start, place.start) if m.how != "pronoun" and m.end <= place.start
    ]
    last = max(before, key=lambda m: (m.end, -m.start), default=None)
    own = frame.of(node, window.start, place.start)
    if last is None or any(m.end == last.end for m in own):
        return False
    gap = frame.words(last.end, place.start)
    return bool(gap) and gap[0] in _OPENING and set(gap) <= _OPENING | frame.cues.set("articles")


def _is_turned(frame: Frame, place: Mention) -> bool:
    """Whether a word right before a text denies it or says how much of it: "not a [luxury]", "hardly [new]"."""
    window = frame.sentence(place.start)
    words = frame.words(max(window.start, place.start - _BEFORE), place.start)
    articles = frame.cues.set("articles")
    while words and words[-1] in articles:
        words.pop()
    turning = frame.cues.set("negation", "before") | frame.cues.set("degree")
    return any(" ".join(words[-k:]) in turning for k in (1, 2) if len(words) >= k)


def _is_possessive(frame: Frame, mention: Mention) -> bool:
    """Whether a pronoun says whose something is: what follows is said of that, not of the owner."""
    return mention.how == "pronoun" and frame.source[mention.start : mention.end].lower() in frame.cues.set(
        "role", "its"
    )


def _stands_before_another(frame: Frame, node: str, place: Mention) -> bool:
    """Whether a text stands right before the name of somebody else: "the software firm [Mock Labs]"."""
    end = min(place.end + _BEFORE, frame.sentence(place.end - 1).end)
    after = frame.mentions(_NAMED, place.end, end)
    first = next(iter(after), None)
    return first is not None and first.node != node and not frame.source[place.end : first.start].strip(_QUOTES)


def _is_joined(frame: Frame, mention: Mention, place: Mention) -> bool:
    """Whether a text stands in the clause and the marks of a mention, or right before it."""
    if place.end <= mention.start:
        at, between = place.end, set[str]()
        for one in frame.mentions(AGENTS, place.end, mention.start):  # "Among the cooks were Max Mock, Jo Sample"
            between, at = between.union(frame.words(at, one.start)), max(at, one.end)
        between |= set(frame.words(at, mention.start))
        is_said_of_all = at > place.end and bool(between & frame.cues.set("passive"))
        joining = frame.cues.set("passive") | frame.cues.set("and") if is_said_of_all else frozenset[str]()
        return (at == place.end or is_said_of_all) and between <= frame.cues.set("articles") | _BESIDE | joining
    gap = frame.source[mention.end : place.start]
    if frame.group(mention.node) == "contact" and not frame.mentions({"contact", "person"}, mention.end, place.start):
        gap = gap.replace(":", "", 1)  # "Helpline: 020 7946 0188, weekdays 9 to 5"
    if _CLAUSE.search(gap):
        return False
    if frame.group(mention.node) in AGENTS and _is_object(frame, frame.words(mention.end, place.start)):
        return False  # of a work or law, what it covers or allows tells what it is
    marked = [p for p in quotations_of(frame.source) if p.start <= place.start and place.end <= p.end]
    return all(p.start <= mention.start for p in marked) or bool(frame.has(("called",), mention.end, place.start))


def _is_object(frame: Frame, gap: Sequence[str]) -> bool:
    """Whether words after a name lead to a thing and not to a description: "Works opened a", "Works, said that a"."""
    words = [word for word in gap if word not in _QUOTES]
    if not words or not frame.cues.words:
        return False
    if frame.cues.set("speech", "that").intersection(words[1:] if words[0] == "," else words[2:]):
        return True
    lists = (
        "articles",
        "auxiliaries",
        "passive",
        "modals",
        "prepositions",
        "relative_pronouns",
        "degree",
        "called",
        "and",
    )
    known = frozenset[str]().union(*map(frame.cues.set, lists), frame.cues.set("role", "copula"))
    return words[0].isalpha() and words[0] not in known
