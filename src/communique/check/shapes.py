"""The shapes, and validation of graphs against them: the only module that knows SHACL.

pySHACL is the reference, and all results come from it. If the faster package ``shacl`` is installed, it is run first
and only decides which graphs conform and need not be validated by pySHACL.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pyoxigraph as ox

from communique import artefacts
from communique.check.rdflibgraph import build_graph
from communique.check.weight import HEAVY, PER_EVIDENCE, Weight
from communique.errors import ArtefactError, CommuniqueError, hint
from communique.findings import Severity
from communique.iris import last_piece

if TYPE_CHECKING:
    import rdflib

CORE: Final = "core"
"""The profile that is always used: every shape directly in the folder ``shapes/``."""

SH: Final = "http://www.w3.org/ns/shacl#"
OWL_IMPORTS: Final = "http://www.w3.org/2002/07/owl#imports"
SEVERITY: Final[dict[str, Severity]] = {SH + "Violation": "violation", SH + "Warning": "warning", SH + "Info": "info"}

SMALL: Final = 20_000
"""The most quads of a graph that the fast engine validates; it needs 10 kB of memory for each result."""
SAMPLE: Final = 100
"""One conforming graph in this many is validated by both engines, chosen by the hash of its key."""

Proof: TypeAlias = Callable[[], Iterable[ox.Quad]]
"""The quads of evidence for a graph, made when they are needed."""


@dataclass(frozen=True, slots=True)
class Result:
    """One SHACL validation result (SHACL section 3.6).

    ``focus`` is the IRI of the node, ``path`` the IRI of the property (None for a rule on the node or on a longer
    path), ``value`` the IRI or the lexical form of the value at fault, ``shape`` the local name of the rule.
    """

    focus: str
    path: str | None
    value: str | None
    severity: Severity
    shape: str
    message: str

    @property
    def code(self) -> str:
        """The stable code of the finding.

        >>> Result("http://example.org/e", None, None, "violation", "event-name", "Name the event.").code
        'shape:event-name'
        """
        return f"shape:{self.shape}"


@dataclass(frozen=True, slots=True)
class ShapeRule:
    """A named shape: its local name, the severity of its results, the rule in a few words, and what to do."""

    shape: str
    severity: Severity
    name: str
    message: str


def read_shapes(profiles: Sequence[str] = (CORE,), newsroom: Path | None = None) -> Shapes:
    """The shapes of the core and of the profiles named, parsed once.

    ``newsroom`` is the folder that contains ``data/``; its own ``shapes/`` is used if it has one. Raises
    `CommuniqueError` for an unknown profile, `ArtefactError` (file and line) for a shapes file that cannot be read.
    """
    home = artefacts.folder("shapes", newsroom)
    found = [path for path in artefacts.files(home) if path.suffix == ".ttl"]
    known = {path.stem: path for path in found if path.parent == home / "profiles"}
    files = [path for path in found if path.parent == home]
    for name in dict.fromkeys(profiles):
        if name == CORE:
            continue
        if name not in known:
            raise CommuniqueError(f"unknown profile {name!r}, {hint(name, [CORE, *known])}")
        files.append(known[name])
    is_own = home != artefacts.folder("shapes")
    return Shapes([triple for file in files for triple in _read_file(file)], is_own=is_own)


def _read_file(file: Path) -> list[ox.Triple]:
    """The triples of one shapes file; blank nodes are renamed so that no two files share one."""
    try:
        found = list(ox.parse(artefacts.read_text(file), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
    except SyntaxError as error:
        raise ArtefactError(f"{file}, line {error.lineno}: not Turtle: {error.msg}") from error
    except ValueError as error:
        raise ArtefactError(f"{file} cannot be read: {error}") from error
    for quad in found:
        if quad.predicate.value == OWL_IMPORTS:
            raise ArtefactError(f"{file} imports {quad.object}: put that file into the folder, nothing is fetched")
    return [quad.triple for quad in found]


class Shapes:
    """A set of shapes, ready for validation; make one per process, because pySHACL's state is process-wide.

    ``is_own``: they are those of a newsroom, not the packaged ones, and may ask anything of any node.
    """

    def __init__(self, triples: Iterable[ox.Triple], *, is_own: bool = False) -> None:
        self.triples: tuple[ox.Triple, ...] = tuple(triples)
        self._is_own = is_own
        self._sparql = any(triple.predicate.value == SH + "sparql" for triple in self.triples)
        self.weight = Weight(self.triples)

    @functools.cached_property
    def _reference(self) -> tuple[rdflib.Graph, Any]:
        """The shapes as pySHACL needs them; it takes half a second with rdflib, so only where it has to judge."""
        from pyshacl import ShapesGraph

        graph = build_graph(self.triples)
        return graph, ShapesGraph(graph)

    def validate(self, quads: Iterable[ox.Quad]) -> tuple[Result, ...]:
        """The results of pySHACL for the union of ``quads``, sorted by focus, path, value and rule.

        Nothing is inferred, imported or fetched, and global settings are restored. Raises `ArtefactError` if a shape
        itself is wrong.
        """
        from pyshacl.errors import ReportableRuntimeError
        from pyshacl.graph_abstraction import DataGraph

        graph, shapes = self._reference
        with _isolated_pyshacl(self._sparql):
            data = DataGraph.from_rdflib(build_graph(quads))
            validator: Any = _validator_class()(data, shacl_graph=graph, options={"inference": "none", "inplace": True})
            validator.shacl_graph = shapes  # built once: pySHACL would collect all shapes again
            try:
                _, reports, _ = validator.run()
            except ReportableRuntimeError as error:
                raise ArtefactError(f"a shape is wrong, pySHACL says: {error}") from error
        return tuple(sorted(set(map(_result, reports)), key=_order))  # a value may break a rule in two ways

    def filter(self, quads: Iterable[ox.Quad]) -> bool | None:
        """Whether the fast package ``shacl`` finds no result of any severity in the union of ``quads``.

        False means that `validate` has to decide, None that the package (``communique[fast]``) is not installed.
        """
        if self._fast is None:
            return None
        text = _ntriples(quad.triple for quad in quads)
        try:
            return not len(self._fast.validate_text(text, format="ntriples"))
        except (ValueError, RuntimeError):
            return False

    def is_heavy(self, quads: Sequence[ox.Quad], evidence: Proof, most: int) -> bool:
        """Whether it would take too much work to validate these quads with the evidence for them.

        The evidence is at ``most`` so many quads; it is made only where that leaves a doubt.
        """
        spare = HEAVY - PER_EVIDENCE * most
        if not self._is_own and not self.weight.is_heavy(quads, spare):
            return False
        return self.weight.is_heavy([*quads, *evidence()], HEAVY)

    def judge(
        self, quads: Iterable[ox.Quad], key: bytes, name: object, *, evidence: Proof = tuple
    ) -> tuple[Result, ...]:
        """The results for one graph of many: as `validate`, but without running pySHACL on graphs that conform.

        pySHACL validates large graphs, all that the filter does not pass, and one in 100 of the others, chosen by the
        hash of ``key``. The ``evidence`` of these quads has only nodes that the compiler makes, so the packaged shapes
        are asked about it by pySHACL alone, and it is made only then; that every one of them holds for it is proved by
        tests.

        Raises `ArtefactError`, with the ``name`` of the graph, if pySHACL finds something in a graph that the filter
        passed: two engines that disagree prove nothing.
        """
        held = tuple(quads)
        judged = (*held, *evidence()) if self._is_own else held
        passed = self.filter(judged) if len(judged) <= SMALL else None
        if passed and not is_drawn(key):
            return ()
        results = self.validate((*held, *evidence()))
        if passed and results:
            first = results[0]
            raise ArtefactError(
                f"{name}: pySHACL finds {first.code} at {first.focus}, the faster package shacl finds nothing; report "
                "this, and remove the package (pip uninstall shacl): pySHACL then judges alone"
            )
        return results

    def rules(self) -> tuple[ShapeRule, ...]:
        """The rules, which are the shapes with an IRI, sorted by name."""
        shapes: dict[str, dict[str, str]] = {}
        for triple in self.triples:
            if isinstance(triple.subject, ox.NamedNode) and triple.predicate.value.startswith(SH):
                value = triple.object.value if isinstance(triple.object, ox.NamedNode | ox.Literal) else ""
                shapes.setdefault(last_piece(triple.subject.value), {})[triple.predicate.value.removeprefix(SH)] = value
        return tuple(
            ShapeRule(shape, SEVERITY.get(values["severity"], "violation"), values["name"], values["message"])
            for shape, values in sorted(shapes.items())
            if values.keys() >= {"severity", "name", "message"}
        )

    @functools.cached_property
    def _fast(self) -> Any:
        """The compiled shapes of the package ``shacl``; None without it, and for shapes that it does not read."""
        try:
            import shacl  # optional, extra [fast]
        except ImportError:
            return None
        with contextlib.suppress(ValueError, RuntimeError):
            return shacl.Shapes.from_text(_ntriples(self.triples), format="ntriples")
        return None


def is_drawn(key: bytes) -> bool:
    """Whether the graph with this key is one of those that are judged twice: the same ones in every run."""
    return int.from_bytes(hashlib.sha256(key).digest()[:4]) % SAMPLE == 0


def _ntriples(triples: Iterable[ox.Triple]) -> str:
    return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


@contextlib.contextmanager
def _isolated_pyshacl(sparql: bool) -> Iterator[None]:
    """Run pySHACL without output and restore all settings: it and rdflib keep their state in globals."""
    import rdflib

    log = logging.getLogger("rdflib.term")  # writes a traceback for each ill-typed literal
    silenced, normalise = log.disabled, rdflib.NORMALIZE_LITERALS
    log.disabled = True
    try:
        with (
            warnings.catch_warnings(),
            _no_descriptions(),
            _queries_parsed_once() if sparql else contextlib.nullcontext(),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        log.disabled, rdflib.NORMALIZE_LITERALS = silenced, normalise


@functools.cache
def _validator_class() -> Any:
    """pySHACL's validator, made to return its results as they are.

    The original turns them into a graph and a text, whose time and memory grow faster than the number of results.
    """
    from pyshacl import Validator

    class Reports(Validator):
        @classmethod
        def create_validation_report(cls, sg: Any, conforms: bool, results: Any) -> tuple[Any, str]:
            return results, ""

    return Reports


@contextlib.contextmanager
def _no_descriptions() -> Iterator[None]:
    """Keep pySHACL from writing a description of each result, which takes most of the time and is never used."""
    from pyshacl.constraints.constraint_component import ConstraintComponent

    component: Any = ConstraintComponent
    describe = component.make_v_result_description
    component.make_v_result_description = lambda *_, **__: ""
    try:
        yield
    finally:
        component.make_v_result_description = describe


@contextlib.contextmanager
def _queries_parsed_once() -> Iterator[None]:
    """Make rdflib parse each SPARQL constraint once, not once per focus node (measured: six times faster)."""
    from importlib import import_module

    processor: Any = import_module("rdflib.plugins.sparql.processor")  # its names are replaced, so as Any
    parse, translate = processor.parseQuery, processor.translateQuery
    known: dict[Any, Any] = {}

    def translate_once(text: Any, base: Any = None, prefixes: Any = None) -> Any:
        if (text, base) not in known:  # the prefixes of a constraint are its own (SHACL section 5.2.1)
            known[text, base] = translate(parse(text), base, prefixes)
        return known[text, base]

    processor.parseQuery, processor.translateQuery = lambda text: text, translate_once
    try:
        yield
    finally:
        processor.parseQuery, processor.translateQuery = parse, translate


def _result(report: tuple[str, Any, list[tuple[Any, Any, Any]]]) -> Result:
    """A `Result` from pySHACL's report: a description, the node of the result, and its triples (SHACL, section 3.6.2).

    A term from the shapes or the data comes in a tuple with the graph that it is from.
    """
    from rdflib.term import URIRef

    said: dict[str, list[rdflib.term.Node]] = {}
    for _, predicate, value in report[2]:
        term = value[1] if isinstance(value, tuple) else value
        said.setdefault(str(predicate).removeprefix(SH), []).append(term)

    def one(name: str) -> rdflib.term.Node | None:
        return next(iter(said.get(name, ())), None)

    path, value = one("resultPath"), one("value")
    return Result(
        focus=str(one("focusNode")),
        path=str(path) if isinstance(path, URIRef) else None,
        value=None if value is None else str(value),
        severity=SEVERITY.get(str(one("resultSeverity")), "violation"),
        shape=last_piece(str(one("sourceShape"))),
        message=min(map(str, said.get("resultMessage", ())), default=""),
    )


def _order(result: Result) -> tuple[str, str, str, str, str]:
    return result.focus, result.path or "", result.value or "", result.shape, result.message
