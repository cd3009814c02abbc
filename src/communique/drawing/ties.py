"""The lines of a picture before it has a shape: facts bundled by the pair they tie, folded, put in order."""

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

MOST: Final = 14
"""Rows of people and organisations, and boxes of any other column, before those with one tie only fold."""

_SWEEPS: Final = 3
_STARTS, _TRIES = 200, 4_000  # tried arrangements, times lines


@dataclass(frozen=True, slots=True)
class PictureLine:
    """One line from box to box: all that ties the two in this direction, or one role.

    ``above`` is what is stated or, if all is inferred, what is inferred; then the line is ``broken``. ``below`` is what
    else is inferred. ``pill`` marks a role: its name stands on the line, marked only if the name itself is inferred;
    the line is broken too where it is inferred whose role it is, or in what. ``facts`` is how many facts it stands for,
    a role being one, and ``inferred`` how many of these are inferred.
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
    """What is drawn, in order: a unit is an organisation with its people, or a person without one.

    ``columns`` has the IRIs of each kind from top to bottom, ``more`` how many of a kind are folded.
    """

    columns: dict[str, list[str]]
    homes: dict[str, str]
    units: list[str]
    lines: list[PictureLine]
    more: dict[str, int]


def plan(picture: Picture, words: Wording) -> Plan:
    """What is drawn of a picture, and in which order; the same for the same facts."""
    kinds = {node.iri: node.kind for node in picture.nodes}
    lines = lines_of(picture, words)
    ties = _ties(lines)
    homes = _homes(picture, lines, kinds)
    columns = {kind: [iri for iri in kinds if iri in ties and kinds[iri] == kind] for kind in COLUMNS}
    columns, units = _in_order(columns, homes, lines)
    gone = _folded(columns, units, homes, ties, keep=picture.focus)
    more = {kind: sum(iri in gone for iri in columns[kind]) for kind in COLUMNS}
    return Plan(
        {kind: [iri for iri in columns[kind] if iri not in gone] for kind in COLUMNS},
        homes,
        [iri for iri in units if iri not in gone],
        [line for line in lines if line.source not in gone and line.target not in gone],
        {kind: n for kind, n in more.items() if n},
    )


def lines_of(picture: Picture, words: Wording) -> list[PictureLine]:
    """A line for each role, and one for each pair of nodes that facts tie."""
    stated = {(r.person, r.organisation, r.name) for r in picture.roles if not _doubtful(r)}
    roles = [r for r in picture.roles if not _doubtful(r) or (r.person, r.organisation, r.name) not in stated]
    lines = list(dict.fromkeys(_role_line(role, words) for role in roles))
    pairs: dict[tuple[str, str], dict[bool, list[str]]] = {}
    for edge in picture.edges:
        told = pairs.setdefault((edge.source, edge.target), {False: [], True: []})
        word = words(f"pic.{edge.label}")
        told[edge.inferred].append(f"{word} {words('pic.registry')}" if edge.registry else word)
    for (source, target), told in pairs.items():
        above, inferred, sign = ", ".join(told[False]), ", ".join(told[True]), words("pic.inferred")
        doubted = len(told[True])
        facts = doubted + len(told[False])
        if above:
            below = f"{inferred} {sign}" if inferred else ""
            lines.append(PictureLine(source, target, above, below, facts=facts, inferred=doubted))
        else:
            lines.append(PictureLine(source, target, inferred, sign, broken=True, facts=facts, inferred=doubted))
    return lines


def _role_line(role: Role, words: Wording) -> PictureLine:
    name = role.name or words("pic.member")
    text = f"{name} {words('pic.inferred')}" if role.name_inferred else name
    return PictureLine(
        role.person,
        role.organisation,
        text,
        broken=_doubtful(role),
        pill=True,
        language=role.language,
        inferred=int(_doubtful(role)),
    )


def _doubtful(role: Role) -> bool:
    return role.inferred or role.name_inferred


def _ties(lines: Iterable[PictureLine]) -> dict[str, set[str]]:
    """Every node with a line, and those at the other ends."""
    ties: dict[str, set[str]] = {}
    for line in lines:
        ties.setdefault(line.source, set()).add(line.target)
        ties.setdefault(line.target, set()).add(line.source)
    return ties


def _homes(picture: Picture, lines: Iterable[PictureLine], kinds: Mapping[str, str]) -> dict[str, str]:
    """The organisation beside which a person stands: that of the focus, else the first one."""
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


def _in_order(columns: _Lists, homes: Mapping[str, str], lines: list[PictureLine]) -> tuple[_Lists, list[str]]:
    """The columns from top to bottom so that few lines cross, and the units in their order.

    What hangs together stays together, the largest first; units with no target on the right come last.
    """
    left = [*columns["org"], *(iri for iri in columns["people"] if iri not in homes)]
    lists = {"unit": sorted(left, key=natural)} | {kind: sorted(columns[kind], key=natural) for kind in COLUMNS[2:]}
    pairs = sorted({(homes.get(line.source, line.source), line.target) for line in lines})
    pairs = [(source, target) for source, target in pairs if source != target]
    ordered: _Lists = {name: [] for name in lists}
    for group in _components(lists, pairs):
        inside = tuple((name, tuple(iri for iri in iris if iri in group)) for name, iris in lists.items())
        for name, iris in _arranged(inside, tuple(pair for pair in pairs if pair[0] in group)).items():
            ordered[name] += iris
    rank = {iri: n for n, iri in enumerate(ordered["unit"])}
    people = sorted(columns["people"], key=lambda iri: (rank[homes.get(iri, iri)], natural(iri)))
    organisations = [iri for iri in ordered["unit"] if iri in set(columns["org"])]
    return {"people": people, "org": organisations} | {kind: ordered[kind] for kind in COLUMNS[2:]}, ordered["unit"]


def _components(lists: _Lists, pairs: _Pairs) -> list[set[str]]:
    """The nodes in groups between which no line runs, those with most lines first."""
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
def _arranged(columns: tuple[tuple[str, tuple[str, ...]], ...], pairs: tuple[tuple[str, str], ...]) -> _Lists:
    """The columns of one group, arranged by turns, each by the others; then neighbours change places while it helps.

    One start leads to one arrangement only, so several are tried: the order of the names, turned round. The answer is
    kept for the pictures of the same page in other languages.
    """
    lists = {name: list(iris) for name, iris in columns}
    best, least = lists, _cost(lists, pairs)
    units = lists["unit"]
    for start in range(min(len(units), 1 + _STARTS // (1 + len(pairs)))):
        lists = lists | {"unit": units[start:] + units[:start]}
        for name in [*lists][1:] + [*lists, *[*lists][::-1]] * _SWEEPS:
            lists = lists | {name: _by_neighbours(name, lists, pairs)}
            cost = _cost(lists, pairs)
            if cost < least:
                best, least = lists, cost
    spots = [(name, n, m) for name in best for n in range(len(best[name])) for m in range(len(best[name])) if n != m]
    idle = 0
    for name, n, m in islice(cycle(spots), _TRIES // (1 + len(pairs))):
        lists = best | {name: _moved(best[name], n, m)}
        if name == "unit":
            for other in [*lists][1:]:
                lists = lists | {other: _by_neighbours(other, lists, pairs)}
        cost = _cost(lists, pairs)
        best, least, idle = (lists, cost, 0) if cost < least else (best, least, idle + 1)
        if idle >= len(spots):
            break
    return best


def _moved(iris: list[str], start: int, end: int) -> list[str]:
    """A column in which one node has moved."""
    rest = iris[:start] + iris[start + 1 :]
    return [*rest[:end], iris[start], *rest[end:]]


def _places(lists: _Lists, pairs: _Pairs) -> dict[str, float]:
    """About how far down each node will stand: units one by one, others as near to their sources as order allows."""
    sources: dict[str, list[str]] = {}
    for source, target in pairs:
        sources.setdefault(target, []).append(source)
    place: dict[str, float] = {}
    for name, iris in lists.items():
        low = 0.0
        for n, iri in enumerate(iris):
            near = [place[source] for source in sources.get(iri, ()) if source in place]
            if name == "unit":
                low = float(n)
            elif near:
                low = max(low, sum(near) / len(near))
            place[iri] = low = low + 0.01
    return place


def _by_neighbours(name: str, lists: _Lists, pairs: _Pairs) -> list[str]:
    """A column sorted by the middle of what each node is tied to."""
    place = _places(lists, pairs)
    mine: dict[str, list[float]] = {iri: [] for iri in lists[name]}
    for source, target in pairs:
        if source in mine:
            mine[source].append(place[target])
        if target in mine:
            mine[target].append(place[source])

    def key(iri: str) -> tuple[float, str]:
        return sum(mine[iri]) / max(1, len(mine[iri])), natural(iri)

    return sorted(lists[name], key=key)


def _cost(lists: _Lists, pairs: _Pairs) -> tuple[int, float]:
    """How many lines will cross, and how far they will go up and down.

    What a line inside a column passes there counts as crossed.
    """
    place = _places(lists, pairs)
    where = {iri: (name, n) for name, iris in lists.items() for n, iri in enumerate(iris)}
    ends, passed = [], 0
    for source, target in pairs:
        (name, n), (other, m) = where[source], where[target]
        if name == other:
            passed += abs(n - m) - 1
        else:
            ends.append((place[source], place[target]))
    above: list[float] = []
    for _, group in groupby(sorted(ends), key=itemgetter(0)):
        heights = [height for _, height in group]
        passed += sum(len(above) - bisect_right(above, height) for height in heights)
        for height in heights:
            insort(above, height)
    return passed, round(sum(abs(start - end) for start, end in ends), 9)


# ---- folds


def _folded(
    columns: Mapping[str, list[str]],
    units: list[str],
    homes: Mapping[str, str],
    ties: Mapping[str, set[str]],
    keep: str | None,
) -> set[str]:
    """The nodes that fold: of more than `MOST` those with one tie only, from the bottom (of events, the oldest)."""
    gone: set[str] = set()
    people: dict[str, list[str]] = {unit: [] for unit in units}
    for iri in columns["people"]:
        people[homes.get(iri, iri)].append(iri)

    def single(unit: str) -> bool:
        return len(ties[unit] - {keep}) <= 1

    def only_people(unit: str) -> bool:
        return all(other in people[unit] and len(ties[other]) == 1 for other in ties[unit])

    rows = sum(max(1, len(people[unit])) for unit in units)
    most = MOST if rows > MOST + 1 else rows  # a box for one more would take the place of that one
    rests: tuple[Callable[[str], bool], ...] = (single, only_people)
    for foldable in rests:
        for unit in reversed(units):
            alone = all(ties[person] <= {unit, keep} for person in people[unit] if person != unit)
            if rows > most and unit not in gone and keep not in (unit, *people[unit]) and foldable(unit) and alone:
                gone |= {unit, *people[unit]}
                rows -= max(1, len(people[unit]))
    for kind in ("people", *COLUMNS[2:]):
        left = [iri for iri in columns[kind] if iri not in gone]
        single_ones = [iri for iri in left if iri != keep and len(ties[iri]) <= 1]
        excess = len(left) - MOST if len(left) > MOST + 1 else 0
        gone.update((single_ones if kind == "event" else single_ones[::-1])[:excess])
    while lonely := {iri for iri in ties if iri not in gone and iri != keep and ties[iri] <= gone}:
        gone |= lonely
    return gone
