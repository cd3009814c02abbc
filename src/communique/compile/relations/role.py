"""The roles of people: title, person and organisation held together by the words between them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from communique.compile.nodes import RecordNode
from communique.compile.relations.chair import find_chair, is_of_chair
from communique.compile.relations.denial import is_denied
from communique.compile.relations.former import is_former, is_former_title
from communique.compile.relations.frame import Found, Frame, around
from communique.compile.relations.lists import actors_before, joint_of
from communique.compile.relations.possessive import possessive_of
from communique.compile.relations.shared import find_shared
from communique.compile.relations.titleplace import is_attached, is_beside, is_title
from communique.compile.relations.titles import is_cut, titles_of_address
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.plurals import plurals_of

_LONGEST_GAP: Final = 45
_LONGEST_LIST: Final = 200  # characters from a title to the last person of the list that it stands over
_TITLES: Final = frozenset({"title", "inflected"})
_TAKEN: Final = 24  # an organisation that begins this near to a title, after a preposition, is that of the title


def find_role(frame: Frame, role: RecordNode, within: Sequence[Span] = (), holder: str = "") -> Found | None:
    """The shortest words that hold the title, the person and the organisation of a role together.

    ``within`` limits the sentences that are looked at; ``holder`` is the person of a role without an organisation.
    """
    person = _value(role, "member") or holder
    organization = _value(role, "organization")
    found: list[Found] = []
    for title in titles_of(frame, role):
        window = frame.sentence(title.start)
        if within and not any(start < window.end and window.start < end for start, end in within):
            continue
        frame.work.spend(5)
        if organization and is_of_chair(frame, Span(*title[:2])):
            chaired = find_chair(frame, person, organization, window, Span(*title[:2]))
            found += [chaired] if chaired is not None and "FormerRole" not in role.types else []
            continue
        shared = find_shared(frame, title, person, organization)
        if (
            shared is not None
            and is_title(frame, title)
            and not is_cut(frame, title)
            and "FormerRole" not in role.types
            and not is_former(frame, title)
        ):
            found.append(shared)
            continue
        if not is_title(frame, title) or (_is_of_several(frame, role, title) and not _is_in_list(frame, title, person)):
            continue
        is_over = "FormerRole" in role.types or "endDate" in role.facts
        was_held, must_be_former = is_former(frame, title), _must_be_former(frame, role, title)
        if is_cut(frame, title) or _is_changed(frame, title) or (was_held and not is_over):
            continue
        held = _held(frame, title, person, organization, _inferred(role), within=within)
        held = (one for one in held if "startDate" in role.facts or not _is_to_come(frame, one))
        allowed = {True} if must_be_former and not was_held else {is_over, False}
        found += [one for one in held if was_held or _is_past(frame, one) in allowed]
        found += _over_list(frame, title, person) if not organization and (was_held or not must_be_former) else []
    return min(found, key=lambda one: (one.span.end - one.span.start, one.span.start), default=None)


def find_title(frame: Frame, person: str, places: Sequence[Mention]) -> bool:
    """Whether any of the places of a title hold it together with a person, whatever organisation stands beside it."""
    for title in places:
        frame.work.spend(5)
        window = frame.sentence(title.start)
        of = frozenset(m.node for m in frame.mentions({"organization"}, *window))
        if is_cut(frame, title) or not is_title(frame, title) or is_former(frame, title):
            continue
        held = (one for one in _held(frame, title, person, "", of) if not _is_to_come(frame, one))
        if any(held) or _headed(frame, title, person) is not None:
            return True
    return False


def _headed(frame: Frame, title: Mention, person: str) -> Mention | None:
    """A person in a list that a title with a comma or colon stands over: "two pilots, Ada and Jo"."""
    window = frame.sentence(title.start)
    before = frame.mentions({"person"}, max(window.start, title.start - _LONGEST_GAP), title.start)
    if before and _opens_apposition(frame, before[-1].end, title.start):
        return None
    end = title.end
    for one in frame.mentions({"person"}, title.end, window.end):
        gap = frame.words(end, one.start)
        if (
            not gap
            or (end == title.end and gap not in ([","], [":"]))
            or not set(gap) <= frame.cues.set("and") | set(",:")
        ):
            return None
        if one.node == person:
            return one
        end = one.end
    return None


def _over_list(frame: Frame, title: Mention, person: str) -> Iterator[Found]:
    """A title of several people and the list that it stands over: "the pilots Ada and Jo", "two pilots, Ada and Jo"."""
    people = frame.mentions({"person"}, title.end, frame.sentence(title.start).end)
    member = next((m for m in people if m.node == person), None)
    if member is None or not _is_plural(frame, title) or member.start - title.end > _LONGEST_LIST:
        return
    gap = set(frame.words(title.end, people[0].start))
    chain = people[: people.index(member) + 1]
    if gap <= {",", ":"} and all(_is_listed(frame, a, b) for a, b in itertools.pairwise(chain)):
        yield Found(around(title, member), "role of several", member, None, Span(*title[:2]))


def _is_listed(frame: Frame, one: Mention, other: Mention) -> bool:
    return set(frame.words(one.end, other.start)) <= frame.cues.set("and") | {","}


def _is_plural(frame: Frame, title: Mention) -> bool:
    """Whether a title names several people, by the end of its words."""
    endings = tuple(frame.cues.set("role", "plural"))
    return bool(endings) and frame.source[title.start : title.end].lower().endswith(endings)


def _is_of_several(frame: Frame, role: RecordNode, title: Mention) -> bool:
    """Whether a place has a title in the plural: "volunteers" for a volunteer."""
    words = " ".join(frame.source[title.start : title.end].split()).lower()
    titles = [fact.object.value.lower() for fact in role.facts["roleName"]]
    forms = (form.lower() for one in titles for form in plurals_of(one, frame.reading.language))
    return words not in titles and words in forms


def _is_in_list(frame: Frame, title: Mention, person: str) -> bool:
    """Whether a person is named in a list of people in the sentence of a title."""
    people = [m for m in frame.mentions({"person"}, *frame.sentence(title.start)) if m.how != "pronoun"]
    pairs = [(a, b) for a, b in itertools.pairwise(people) if person in (a.node, b.node) and a.end <= b.start]
    return any(joint_of(frame, a.end, b.start) != "none" for a, b in pairs)


def titles_of(frame: Frame, role: RecordNode) -> list[Mention]:
    """The places where the title of a role stands, also in another grammatical case."""
    return [m for m in frame.reading.mentions.of(role.iri.value) if m.how in _TITLES]


def _value(role: RecordNode, key: str) -> str:
    """The value of a key of a role that the text states; "" if there is none, or only an inferred one."""
    facts = [f for f in role.facts.get(key, ()) if f.why is None]
    return facts[0].object.value if facts else ""


def _must_be_former(frame: Frame, role: RecordNode, title: Mention) -> bool:
    """Whether a role was held before and its title does not say so: then the words around it must.

    A role with an end is one by that, which is held against the words itself.
    """
    is_over = "FormerRole" in role.types and "endDate" not in role.facts
    return is_over and not is_former_title(frame, frame.words(title.start, title.end))


def _is_changed(frame: Frame, title: Mention) -> bool:
    """Whether the words around a title make another title of it: "deputy minister", "minister-designate"."""
    line = frame.sentence(title.start)
    before = [w for w in frame.words(max(line.start, title.start - 40), title.start) if w not in "-("]
    changed = frame.cues.set("role", "changed")
    if any(" ".join(before[-k:]) in changed for k in (1, 2, 3) if len(before) >= k):
        return True
    after = frame.words(title.end, min(title.end + 20, line.end))
    if after[:1] and after[0] in changed and after[0] in frame.cues.set("role", "changed_after"):
        return True
    longer = frame.mentions({"role"}, max(line.start, title.start - 80), min(line.end, title.end + 80))
    return any(m.start <= title.start and title.end <= m.end and m[:2] != title[:2] for m in longer)


def _is_to_come(frame: Frame, found: Found) -> bool:
    """Whether the words between a person and a title give the title for later: "Jo Sample will join as director"."""
    if found.subject is None or found.cue is None:
        return False
    low, high = sorted((Span(*found.subject[:2]), found.cue))
    return frame.has(("role", "future"), low.end, high.start)


def _is_past(frame: Frame, found: Found) -> bool:
    """Whether the words between a person and a title give it for an earlier time: "Jo Sample was director of"."""
    if found.subject is None or found.cue is None or found.subject.end > found.cue.start:
        return False
    small = frame.cues.set("articles") | frame.cues.set("relative_pronouns") | set(",(–—-")
    words = [w for w in frame.words(found.subject.end, found.cue.start) if w not in small]
    once = frame.cues.set("role", "once")
    verb = " ".join(word for word in words if word not in once)
    return verb in frame.cues.set("role", "past") or (bool(words) and not verb)


def _is_appointed(frame: Frame, title: Mention, person: Mention, of: Mention) -> bool:
    """Whether an organisation gives a title to a person: "Sample Works named Jo Sample as director"."""
    if not of.end <= person.start < person.end <= title.start:
        return False
    if set(frame.words(person.end, title.start)) - frame.cues.set("role", "as"):
        return False
    window = frame.sentence(person.start)
    verbs = list(frame.cues.pattern("role", "appoints").finditer(frame.source, of.end, person.start))
    address = titles_of_address(frame.reading.language) | frame.cues.set("articles") | {"."}
    if not verbs or set(frame.words(verbs[-1].end(), person.start)) - address:
        return False
    cue = Span(*verbs[-1].span())
    actors = actors_before(frame, {"organization"}, window.start, cue.start)
    return any(m.node == of.node for m in actors) and not is_denied(frame, cue)


def _inferred(role: RecordNode) -> frozenset[str]:
    """What a role is said to be of only by inference: its title may stand beside it."""
    return frozenset(f.object.value for f in role.facts.get("organization", ()) if f.why is not None)


def _held(
    frame: Frame, title: Mention, person: str, organization: str, inferred: frozenset[str], within: Sequence[Span] = ()
) -> Iterator[Found]:
    window = frame.sentence(title.start)
    people = frame.of(person, *window)[:50]
    if not organization:
        listed = _headed(frame, title, person)
        if listed is not None:
            yield Found(around(listed, title), "role", listed, None, Span(*title[:2]))
        for p in people:
            own = inferred | {person}
            is_joined = is_beside(frame, title, p) and _is_joined(frame, min(p, title), max(p, title), own)
            if is_joined and _is_own(frame, title, [p], inferred):
                yield Found(around(p, title), "role", p, None, Span(*title[:2]))
        return
    organizations = frame.of(organization, *window, title.node)[:50]  # also in it: "Council chair"
    possessive = possessive_of(frame, title, organization, within)
    organizations += [possessive] if possessive is not None and possessive not in organizations else []
    near = [o for o in organizations if abs(o.start - title.start) <= 400]
    for p, o in product(people, near):
        frame.work.spend(3)
        is_held = is_beside(frame, title, p) and is_attached(frame, title, p, o) and _in_order(frame, title, p, o)
        if is_held or _is_appointed(frame, title, p, o):
            yield Found(around(p, title, o), "role", p, o, Span(*title[:2]))


def _in_order(frame: Frame, title: Mention, person: Mention, of: Mention) -> bool:
    """Whether title, person and organisation follow one another with nothing between that belongs to somebody else."""
    first, second, third = sorted((title, person, of))
    own = frozenset({person.node, of.node})
    if not (_is_joined(frame, first, second, own) and _is_joined(frame, second, third, own)):
        return False
    if (first, second) == (of, person) and not _is_possessive(frame, of, person):
        return False
    if (first, second) == (of, title) and _is_of_another(frame, title.end, person.start):
        return False
    if (first, second) == (title, of) and _is_of_part(frame, title, of):
        return False
    if (first, second) == (title, person) and not _only_joins(frame, person.end, of.start):
        return False
    return _is_own(frame, title, [person, of], frozenset())


def _is_of_another(frame: Frame, start: int, end: int) -> bool:
    """Whether words between a title and a person say of what the title is: "the governor of Oldland Jo Sample".

    In a language without articles and a word for "of", any word there does that but a form of address.
    """
    words = [word for word in frame.words(start, end) if word[0].isalpha()]
    of = frame.cues.set("cut", "of")
    if of:
        return bool(words) and words[0] in of
    address = titles_of_address(frame.reading.language) | frame.cues.set("articles") | frame.cues.set("and")
    address |= frame.cues.set("role", "copula")  # «клубтың бапкері болып Ерлан Үлгі тағайындалды»
    return bool(frame.cues.words) and bool(words) and not set(words) <= address and "," not in frame.words(start, end)


def _is_of_part(frame: Frame, title: Mention, of: Mention) -> bool:
    """Whether a title is that of a part of an organisation in the genitive: "директор [обсерватории] Университета"."""
    endings = tuple(frame.cues.set("cut", "adjectives"))
    if not endings or of.how != "inflected":
        return False
    gap = frame.words(title.end, of.start)
    if not gap or not all(word.isalpha() for word in gap) or frame.mentions({"organization"}, title.end, of.start):
        return False
    known = frame.cues.set("prepositions") | frame.cues.set("and") | frame.cues.set("articles")
    return any(word not in known and not word.endswith(endings) for word in gap)


def _is_possessive(frame: Frame, of: Mention, person: Mention) -> bool:
    gap = frame.source[of.end : person.start].strip().lower()
    return any(gap.startswith(mark) for mark in frame.cues.set("role", "possessive"))


def _is_joined(frame: Frame, low: Mention, high: Mention, own: frozenset[str]) -> bool:
    """Whether nothing between two parts of a role belongs to another role, and no verb and no "and" parts them."""
    if low.end > high.start:
        return low.node in high.inside or high.node in low.inside or low.start == high.start or low.end >= high.end
    if high.start - low.end > _LONGEST_GAP + _length_of_other_roles(frame, low.end, high.start, own):
        return False
    others = frame.mentions({"person", "organization"}, low.end, high.start)
    colleagues = _of_other_roles(frame, own)
    if any(m.node not in own and m.node not in colleagues for m in others):
        return False
    parting = [("breakers",), ("role", "not"), *([("speech", "by")] if frame.group(high.node) == "role" else [])]
    if any(frame.has(path, low.end, high.start) for path in parting) and not _is_relative(frame, low, high):
        return False
    return not _has_and(frame, low.end, high.start)


def _is_relative(frame: Frame, low: Mention, high: Mention) -> bool:
    """Whether nothing but a relative pronoun and a copula stand between two mentions: ", которая была "."""
    words = [word for word in frame.words(low.end, high.start) if word not in frame.cues.set("role", "once")]
    pronouns, copulas = frame.cues.set("relative", "people"), frame.cues.set("role", "copula")
    return len(words) == 3 and words[0] == "," and words[1] in pronouns and words[2] in copulas


def _has_and(frame: Frame, start: int, end: int) -> bool:
    """Whether "and" joins two things between two offsets; between two titles of one person it does not part them."""
    if not set(frame.words(start, end)) & frame.cues.set("and"):
        return False
    titles = frame.mentions({"role"}, max(0, start - 80), end + 80)
    for hit in frame.cues.pattern("and").finditer(frame.source, start, end):
        if not any((start <= m.start and m.end <= hit.start()) or m.end == start for m in titles):
            return True
    return False


def _of_other_roles(frame: Frame, own: frozenset[str]) -> frozenset[str]:
    """The organisations in which the persons among ``own`` have other roles."""
    nodes = frame.reading.nodes.values()
    roles = [n for n in nodes if "member" in n.facts and _value(n, "member") in own]
    return frozenset(_value(role, "organization") for role in roles) - {""}


def _length_of_other_roles(frame: Frame, start: int, end: int, own: frozenset[str]) -> int:
    """How many characters between two offsets are titles and organisations of other roles of the same person."""
    if end - start > 300:
        return 0
    known = _of_other_roles(frame, own)
    mentions = frame.mentions({"role", "organization"}, start, end)
    return sum(
        m.end - m.start for m in mentions if frame.group(m.node) == "role" or (m.node in known and m.node not in own)
    )


def _is_own(frame: Frame, title: Mention, parts: Sequence[Mention], inferred: frozenset[str]) -> bool:
    """Whether a title belongs to a person and an organisation and not to others that stand nearer to it."""
    nodes = {m.node for m in parts} | inferred
    window = frame.sentence(title.start)
    person = parts[0]
    after = frame.mentions({"organization"}, title.end, min(window.end, title.end + _TAKEN))
    if after and after[0].node not in nodes and _only_joins(frame, title.end, after[0].start):
        shared = [m for m in parts[1:] if m.start >= after[0].end and joint_of(frame, after[0].end, m.start) != "none"]
        if not shared:
            return False
    people = frame.mentions({"person"}, max(window.start, title.start - _LONGEST_GAP), title.start)
    rival = next((m for m in reversed(people) if m.node not in nodes), None)
    is_beside = person.start >= title.end and not frame.words(title.end, person.start)
    if (
        person.start > title.start
        and not is_beside
        and rival is not None
        and _opens_apposition(frame, rival.end, title.start)
    ):
        return False
    following = frame.mentions({"person"}, title.end, min(window.end, title.end + _TAKEN))
    if not following or following[0].node in nodes:
        return True
    return not set(frame.words(title.end, following[0].start)) <= frame.cues.set("articles") | {"."}


def _only_joins(frame: Frame, start: int, end: int) -> bool:
    """Whether nothing but prepositions and articles stands between two offsets."""
    known = frame.cues.set("prepositions") | frame.cues.set("articles") | set('(,–—-"“„«')
    return set(frame.words(start, end)) <= known


def _opens_apposition(frame: Frame, start: int, end: int) -> bool:
    """Whether the words between a person and a title after it lead to a description of that person."""
    words = frame.words(start, end)
    return bool(words) and words[0] in ",(–—-" and ")" not in words and not frame.has(("breakers",), start, end)
