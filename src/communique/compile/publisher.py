"""The publisher of a dataset that is an entity of the registry: its name and address, and a finding if it is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from communique.compile.registry import Registry
from communique.findings import Finding
from communique.iris import own_iri
from communique.read.dataset import Agent, Dataset
from communique.read.yamlld import position
from communique.terms import SCHEMA


def with_publisher(about: Dataset, registry: Registry) -> Dataset:
    """The description of a dataset whose publisher has the name and the home page that the registry gives it.

    The name in the language of the dataset is preferred. A publisher that the registry does not have is left out.
    """
    if about.publisher is None or about.publisher.id is None:
        return about
    quads = registry.entities.get(own_iri(about.base, about.publisher.id), ())
    names = sorted(_texts(quads, "name"), key=lambda text: (text.language != about.language, str(text)))
    pages = sorted(q.object.value for q in quads if _is(q, "url") and isinstance(q.object, NamedNode))
    agent = Agent(names[0].value, next(iter(pages), None), about.publisher.id) if names else None
    return replace(about, publisher=agent)


def with_unknown_publisher(about: Dataset, registry: Registry, path: Path) -> Registry:
    """The registry with a finding, if the publisher is an id that the registry does not have.

    ``path`` is that of the file that names the publisher.
    """
    publisher = about.publisher.id if about.publisher is not None else None
    if publisher is None or own_iri(about.base, publisher) in registry.entities:
        return registry
    finding = Finding.at(
        str(path),
        position(path.read_bytes(), ("publisher",)),
        "dangling-reference",
        f"the publisher {publisher} is not described in the registry",
        path="publisher",
        fix="describe it in data/entities, or write its name: publisher: {name: …}",
    )
    return replace(registry, findings=(*registry.findings, finding))


def _texts(quads: tuple[Quad, ...], key: str) -> list[Literal]:
    return [q.object for q in quads if _is(q, key) and isinstance(q.object, Literal)]


def _is(quad: Quad, key: str) -> bool:
    return quad.predicate.value == SCHEMA + key
