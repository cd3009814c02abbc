"""What makes the tables of kinds valid: every fault of them as a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from communique.errors import ArtefactError, hint
from communique.ids import is_id
from communique.kinds import CLASSES, KINDS, LANES, OTHER, RELEASE, Kind, Lane, NodeClass
from communique.terms import PREFIXES


def check_kinds(known: Collection[str] | None = None) -> None:
    """Raise `ArtefactError`, one sentence, for the first of the `faults` of the tables in kinds.py."""
    fault = next(faults(KINDS, CLASSES, LANES, known), None)
    if fault is not None:
        raise ArtefactError(f"kinds.py: {fault}")


def faults(
    kinds: Sequence[Kind], classes: Sequence[NodeClass], lanes: Sequence[Lane], known: Collection[str] | None = None
) -> Iterator[str]:
    """What is wrong with some tables, one sentence each; ``known``, if given, are the IRIs of the context's classes."""
    yield from _duplicates("lanes are called", (lane.key for lane in lanes))
    yield from _duplicates("kinds have the path", (kind.path for kind in kinds))
    yield from _duplicates("classes are called", (cls.name for cls in classes))
    keys, paths = [lane.key for lane in lanes], [kind.path for kind in kinds]
    for kind in kinds:
        yield from _faults_of_kind(kind, kinds, keys)
        if kind.path not in {cls.kind for cls in classes}:
            yield f"no class belongs to the kind {kind.path}: give at least one class kind={kind.path!r}"
    for row, cls in enumerate(classes):
        yield from _faults_of_class(cls, paths, keys)
        yield from _faults_of_superclass(cls, classes[row + 1 :], {kind.path: kind.lane for kind in kinds})
        if cls.twin and cls.twin not in {other.name for other in classes}:
            yield f"the class {cls.name} is the twin of {cls.twin}, which has no row"
        if known is not None and cls.iri not in known:
            yield f"context.jsonld has no class {cls.name}: add it there{_suggestion(cls.iri, known)}"


def _duplicates(what: str, names: Iterable[str]) -> Iterator[str]:
    """A sentence for each name that occurs more than once; ``what`` comes between their number and the name."""
    found = list(names)
    for name in dict.fromkeys(name for name in found if found.count(name) > 1):
        yield f"{found.count(name)} {what} {name!r}: keep one"


def _faults_of_kind(kind: Kind, kinds: Sequence[Kind], lanes: Collection[str]) -> Iterator[str]:
    if kind.path == RELEASE or not is_id(f"{kind.path}/x"):
        yield f"{kind.path!r} cannot be the path of a kind: use small letters, and no name in ids.RESERVED_KINDS"
    if kind.lane not in lanes:
        near = _suggestion(kind.lane, lanes, None)
        yield f"the kind {kind.path} names the lane {kind.lane!r}, which does not exist{near}"
    if kind.in_menu and not kind.noun:
        yield f"the kind {kind.path} is in the menu, where an empty list is counted: give it a noun"
    for other in kinds:
        if other.section == kind.section and other.lane != kind.lane:
            yield f"{kind.path} and {other.path} share the section {kind.section} but not the lane: use one lane"
        if other is not kind and other.list == kind.list and (kind.noun or kind.in_menu):
            shared = f"{kind.path} and {other.path} share the list {kind.list}"
            yield f"{shared}: a kind that is counted or in the menu needs its own list"


def _faults_of_class(cls: NodeClass, paths: Collection[str], lanes: Collection[str]) -> Iterator[str]:
    prefix = cls.name.partition(":")[0]
    if prefix not in PREFIXES:
        yield f"the class {cls.name} has a prefix that terms.py does not have{_suggestion(prefix, PREFIXES, None)}"
    if not 0 <= cls.rank <= 99 or cls.rank == OTHER:
        yield f"the class {cls.name} has the rank {cls.rank}: use a number from 0 to 99 other than {OTHER}"
    if cls.kind:
        if cls.kind not in paths:
            near = _suggestion(cls.kind, paths, None)
            yield f"the class {cls.name} names the kind {cls.kind!r}, which does not exist{near}"
        if cls.lane or cls.word:
            yield f"the class {cls.name} has a kind, which gives it a lane and a word: leave these two out"
    elif cls.rank < OTHER and (cls.lane not in lanes or not cls.word):
        yield f"the class {cls.name} has no kind: give it one, or a lane and a word{_suggestion(cls.lane, lanes)}"


def _faults_of_superclass(cls: NodeClass, below: Sequence[NodeClass], lane: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the superclass of a row; ``below`` are the rows after it, ``lane`` the lanes by kind."""
    if not cls.superclass:
        return
    wide = next((other for other in below if other.name == cls.superclass), None)
    if wide is None:
        near = _suggestion(cls.superclass, [other.name for other in below])
        yield f"the class {cls.name} has the superclass {cls.superclass}, which has no row below it{near}"
    elif lane.get(cls.kind, cls.lane) != lane.get(wide.kind, wide.lane):
        yield f"{cls.name} and its superclass {wide.name} have different lanes: use one lane"


def _suggestion(word: str, known: Collection[str], otherwise: str | None = "") -> str:
    """The `hint` for an unknown word, as the end of a sentence; "" if there is none."""
    what_to_do = hint(word, known, otherwise=otherwise)
    return f"; {what_to_do}" if what_to_do else ""
