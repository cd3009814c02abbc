"""The lines of a picture, and the order of its nodes: facts grouped by the pair that they tie, sorted, folded."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle, groupby, islice
from operator import itemgetter
from typing import Final, TypeAlias

from communique.drawing.relations import Picture, Role
from communique.drawing.wording import Wording
from communique.export.order import natural
from communique.kinds import COLUMNS

FOLD_LIMIT: Final = 14
"""The most rows of people and organisations, and boxes of any other column, before nodes with one tie are folded."""

_SWEEPS: Final = 3
_STARTS, _TRIES = 200, 4_000  # limits on first orders and on moves; each is divided by the number of lines plus one


@dataclass(frozen=True, slots=True)
class PictureLine:
    """One line from box to box: all facts that tie the two in this direction, or one role.

    ``above`` has the stated facts and ``below`` the inferred ones; if all are inferred, ``above`` has them and the line
    is ``broken``. ``pill``: the line is a role, and its name is written on the line, marked only if the name itself is
    inferred; the line is broken if the name, the person or the organisation is inferred. ``facts`` is the number of
    facts that the line represents (1 for a role), ``inferred`` the number of these that are inferred.
    """

    source: str
    target: str
    above: str
    below: str = ""
    broken: bool = False
    pill: bool = False
    language: str = ""
    facts: int = 1
    inferred: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn, in order. A unit is an organisation with its people, or a person without one.

    ``columns`` has the IRIs of each kind from top to bottom, ``homes`` the organisation of each person that has one,
    ``units`` the IRIs of organisations and of other people, ``more`` the number of folded nodes of each kind.
    """

    columns: dict[str, list[str]]
    homes: dict[str, str]
    units: list[str]
    lines: list[PictureLine]
    more: dict[str, int]


def plan(picture: Picture, words: Wording) -> Plan:
    """What is drawn of a picture, and in which order. It depends on nothing but the facts and words."""
    kinds = {node.iri: node.kind for node in picture.nodes}
    lines = lines_of(picture, words)
    ties = _ties(lines)
    homes = _homes(picture, lines, kinds)
    columns = {kind: [iri for iri in kinds if iri in ties and kinds[iri] == kind] for kind in COLUMNS}
    columns, units = _ordered_columns(columns, homes, lines)
    folded = _nodes_to_fold(columns, units, homes, ties, keep=picture.focus)
    more = {kind: sum(iri in folded for iri in columns[kind]) for kind in COLUMNS}
    return Plan(
        {kind: [iri for iri in columns[kind] if iri not in folded] for kind in COLUMNS},
        homes,
        [iri for iri in units if iri not in folded],
        [line for line in lines if line.source not in folded and line.target not in folded],
        {kind: n for kind, n in more.items() if n},
    )


def lines_of(picture: Picture, words: Wording) -> list[PictureLine]:
    """A line for each role, and one for each pair of nodes that facts tie."""
    stated = {(r.person, r.organisation, r.name) for r in picture.roles if not _is_inferred(r)}
    roles = [r for r in picture.roles if not _is_inferred(r) or (r.person, r.organisation, r.name) not in stated]
    lines = list(dict.fromkeys(_role_line(role, words) for role in roles))
    pairs: dict[tuple[str, str], dict[bool, list[str]]] = {}
    for edge in picture.edges:
        texts = pairs.setdefault((edge.source, edge.target), {False: [], True: []})
        word = words(f"pic.{edge.label}")
        texts[edge.inferred].append(f"{word} {words('pic.registry')}" if edge.registry else word)
    for (source, target), texts in pairs.items():
        stated_text, inferred_text, mark = ", ".join(texts[False]), ", ".join(texts[True]), words("pic.inferred")
        inferred = len(texts[True])
        facts = inferred + len(texts[False])
        if stated_text:
            below = f"{inferred_text} {mark}" if inferred_text else ""
            lines.append(PictureLine(source, target, stated_text, below, facts=facts, inferred=inferred))
        else:
            lines.append(PictureLine(source, target, inferred_text, mark, broken=True, facts=facts, inferred=inferred))
    return lines


def _role_line(role: Role, words: Wording) -> PictureLine:
    name = role.name or words(role.word)
    text = f"{name} {words('pic.inferred')}" if role.name_inferred else name
    return PictureLine(
        role.person,
        role.organisation,
        text,
        broken=_is_inferred(role),
        pill=True,
        language=role.language,
        inferred=int(_is_inferred(role)),
    )


def _is_inferred(role: Role) -> bool:
    """Whether the person, the organisation or the name of a role is inferred."""
    return role.inferred or role.name_inferred


def _ties(lines: Iterable[PictureLine]) -> dict[str, set[str]]:
    """Each node that has lines, with the nodes at the other ends of these."""
    ties: dict[str, set[str]] = {}
    for line in lines:
        ties.setdefault(line.source, set()).add(line.target)
        ties.setdefault(line.target, set()).add(line.source)
    return ties


def _homes(picture: Picture, lines: Iterable[PictureLine], kinds: Mapping[str, str]) -> dict[str, str]:
    """The organisation beside which each person is drawn: the focus if it is one of them, else the first."""
    homes: dict[str, str] = {}
    for line in lines:
        if kinds[line.source] == "people" and kinds[line.target] == "org":
            if line.target == picture.focus:
                homes[line.source] = line.target
            homes.setdefault(line.source, line.target)
    return homes


# ---- order

_Lists: TypeAlias = dict[str, list[str]]
_Pairs: TypeAlias = Sequence[tuple[str, str]]


def _ordered_columns(columns: _Lists, homes: Mapping[str, str], lines: list[PictureLine]) -> tuple[_Lists, list[str]]:
    """The columns from top to bottom so that few lines cross, and the units in their order.

    Nodes connected by lines stay together, the group with most lines first, so units without lines to the right come
    last.
    """
    units = [*columns["org"], *(iri for iri in columns["people"] if iri not in homes)]
    lists = {"unit": sorted(units, key=natural)} | {kind: sorted(columns[kind], key=natural) for kind in COLUMNS[2:]}
    pairs = sorted({(homes.get(line.source, line.source), line.target) for line in lines})
    pairs = [(source, target) for source, target in pairs if source != target]
    ordered: _Lists = {name: [] for name in lists}
    for group in _components(lists, pairs):
        inside = tuple((name, tuple(iri for iri in iris if iri in group)) for name, iris in lists.items())
        for name, iris in _arrangement(inside, tuple(pair for pair in pairs if pair[0] in group)).items():
            ordered[name] += iris
    rank = {iri: n for n, iri in enumerate(ordered["unit"])}
    people = sorted(columns["people"], key=lambda iri: (rank[homes.get(iri, iri)], natural(iri)))
    organisations = [iri for iri in ordered["unit"] if iri in set(columns["org"])]
    return {"people": people, "org": organisations} | {kind: ordered[kind] for kind in COLUMNS[2:]}, ordered["unit"]


def _components(lists: _Lists, pairs: _Pairs) -> list[set[str]]:
    """The nodes in groups with no lines between one group and another, the group with most lines first."""
    group = {iri: {iri} for iris in lists.values() for iri in iris}
    for source, target in pairs:
        if group[source] is not group[target]:
            group[source] |= group[target]
            for iri in group[target]:
                group[iri] = group[source]
    found = {id(one): one for one in group.values()}.values()
    size = {id(one): sum(source in one for source, _ in pairs) for one in found}
    return sorted(found, key=lambda one: (-size[id(one)], min(map(natural, one))))


@lru_cache(maxsize=64)
def _arrangement(columns: tuple[tuple[str, tuple[str, ...]], ...], pairs: tuple[tuple[str, str], ...]) -> _Lists:
    """The best order found for the columns of one group.

    Each column in turn is sorted by the places of the nodes at the other ends of its lines; then single nodes are moved
    as long as that helps. The result depends on the first order of the units, so several are tried: the order of their
    IRIs, rotated. It is cached for the same page in other languages.
    """
    ends = _Ends(pairs)
    lists = {name: list(iris) for name, iris in columns}
    best, least = lists, _cost(lists, ends)
    units = lists["unit"]
    for start in range(min(len(units), 1 + _STARTS // (1 + len(pairs)))):
        lists = lists | {"unit": units[start:] + units[:start]}
        for name in [*lists][1:] + [*lists, *[*lists][::-1]] * _SWEEPS:
            lists = lists | {name: _by_neighbours(name, lists, ends)}
            cost = _cost(lists, ends)
            if cost < least:
                best, least = lists, cost
    spots = [(name, n, m) for name in best for n in range(len(best[name])) for m in range(len(best[name])) if n != m]
    idle = 0
    for name, n, m in islice(cycle(spots), _TRIES // (1 + len(pairs))):
        lists = best | {name: _move(best[name], n, m)}
        if name == "unit":
            for other in [*lists][1:]:
                lists = lists | {other: _by_neighbours(other, lists, ends)}
        cost = _cost(lists, ends)
        best, least, idle = (lists, cost, 0) if cost < least else (best, least, idle + 1)
        if idle >= len(spots):
            break
    return best


def _move(iris: list[str], start: int, end: int) -> list[str]:
    """A column with the node at ``start`` moved to ``end``."""
    rest = iris[:start] + iris[start + 1 :]
    return [*rest[:end], iris[start], *rest[end:]]


class _Ends:
    """The pairs of a group, and the nodes at the other ends of the lines of each node, in the order of the pairs."""

    def __init__(self, pairs: _Pairs) -> None:
        self.pairs = pairs
        self.sources: _Lists = {}
        self.others: _Lists = {}
        for source, target in pairs:
            self.sources.setdefault(target, []).append(source)
            self.others.setdefault(source, []).append(target)
            self.others.setdefault(target, []).append(source)


def _places(lists: _Lists, ends: _Ends) -> dict[str, float]:
    """The approximate height of each node, in rows from the top: units one per row, others close to their sources."""
    sources = ends.sources
    place: dict[str, float] = {}
    for name, iris in lists.items():
        low = 0.0
        is_unit = name == "unit"
        for n, iri in enumerate(iris):
            if is_unit:
                low = float(n)
            elif iri in sources:
                near = [place[source] for source in sources[iri] if source in place]
                if near:
                    low = max(low, sum(near) / len(near))
            place[iri] = low = low + 0.01
    return place


def _by_neighbours(name: str, lists: _Lists, ends: _Ends) -> list[str]:
    """A column sorted by the mean place of the nodes to which each node is tied."""
    place = _places(lists, ends)

    def key(iri: str) -> tuple[float, str]:
        mine = [place[other] for other in ends.others.get(iri, ())]
        return sum(mine) / max(1, len(mine)), natural(iri)

    return sorted(lists[name], key=key)


def _cost(lists: _Lists, ends: _Ends) -> tuple[int, float]:
    """The number of crossings, and the total height of the steps of lines.

    Each node that a line inside a column passes counts as a crossing.
    """
    place = _places(lists, ends)
    where = {iri: (name, n) for name, iris in lists.items() for n, iri in enumerate(iris)}
    steps, passed = [], 0
    for source, target in ends.pairs:
        (name, n), (other, m) = where[source], where[target]
        if name == other:
            passed += abs(n - m) - 1
        else:
            steps.append((place[source], place[target]))
    above: list[float] = []
    for _, group in groupby(sorted(steps), key=itemgetter(0)):
        heights = [height for _, height in group]
        passed += sum(len(above) - bisect_right(above, height) for height in heights)
        for height in heights:
            insort(above, height)
    return passed, round(sum(abs(start - end) for start, end in steps), 9)


# ---- folds


def _nodes_to_fold(
    columns: Mapping[str, list[str]],
    units: list[str],
    homes: Mapping[str, str],
    ties: Mapping[str, set[str]],
    keep: str | None,
) -> set[str]:
    """The nodes to fold beyond `FOLD_LIMIT`: those with one tie, from the bottom of a column (for events, the top)."""
    folded: set[str] = set()
    people: dict[str, list[str]] = {unit: [] for unit in units}
    for iri in columns["people"]:
        people[homes.get(iri, iri)].append(iri)

    def single(unit: str) -> bool:
        return len(ties[unit] - {keep}) <= 1

    def only_people(unit: str) -> bool:
        return all(other in people[unit] and len(ties[other]) == 1 for other in ties[unit])

    rows = sum(max(1, len(people[unit])) for unit in units)
    most = FOLD_LIMIT if rows > FOLD_LIMIT + 1 else rows  # one more is drawn: "and 1 more" would need a box as well
    tests: tuple[Callable[[str], bool], ...] = (single, only_people)
    for foldable in tests:
        for unit in reversed(units):
            alone = all(ties[person] <= {unit, keep} for person in people[unit] if person != unit)
            if rows > most and unit not in folded and keep not in (unit, *people[unit]) and foldable(unit) and alone:
                folded |= {unit, *people[unit]}
                rows -= max(1, len(people[unit]))
    for kind in ("people", *COLUMNS[2:]):
        left = [iri for iri in columns[kind] if iri not in folded]
        single_ones = [iri for iri in left if iri != keep and len(ties[iri]) <= 1]
        excess = len(left) - FOLD_LIMIT if len(left) > FOLD_LIMIT + 1 else 0
        folded.update((single_ones if kind == "event" else single_ones[::-1])[:excess])
    while lonely := {iri for iri in ties if iri not in folded and iri != keep and ties[iri] <= folded}:
        folded |= lonely
    return folded
