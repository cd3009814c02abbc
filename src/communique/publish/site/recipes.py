"""How to load the dataset into well-known triple stores, as commands that a reader can copy."""

from __future__ import annotations

from typing import Final, NamedTuple


class Recipe(NamedTuple):
    """A store, and the commands that load a publication into it; run them in the folder of the publication."""

    name: str
    code: str


RECIPES: Final = (
    Recipe(
        "Oxigraph",
        "oxigraph load --location store --file dataset.nq\n"
        "oxigraph serve-read-only --location store --bind localhost:7878",
    ),
    Recipe(
        "Oxigraph (HTTP)",
        "curl -f -X POST -H 'Content-Type: application/n-quads' --data-binary @dataset.nq http://localhost:7878/store",
    ),
    Recipe(
        "Virtuoso",
        "curl -f --digest -u dba:dba -X PUT -H 'Content-Type: text/turtle' -T dataset.ttl \\\n"
        "  'http://localhost:8890/sparql-graph-crud-auth?graph-uri=urn:press-releases'",
    ),
    Recipe(
        "Apache Jena Fuseki",
        "tdb2.tdbloader --loc store dataset.nq\nfuseki-server --loc store /releases",
    ),
    Recipe(
        "GraphDB",
        "curl -f -X POST -H 'Content-Type: application/n-quads' --data-binary @dataset.nq \\\n"
        "  http://localhost:7200/repositories/releases/statements",
    ),
    Recipe(
        "QLever",
        "qlever-index -i releases -F nq -f dataset.nq\nqlever-server -i releases -p 7001",
    ),
)
