"""Where the ontology, the shapes and the canned queries lie: beside the data, in the package, or in the checkout."""

from __future__ import annotations

from pathlib import Path

from communique.errors import ArtefactError

NAMES = ("ontology", "shapes", "queries")


def folder(name: str, newsroom: Path | None = None) -> Path:
    """The folder of an artefact: the newsroom's own if it has one, else the packaged one, else the checkout's.

    ``newsroom`` is the folder that holds ``data/``. Raises `ArtefactError` if there is no such folder anywhere.

    >>> (folder("ontology") / "context.jsonld").is_file()
    True
    """
    here = Path(__file__).resolve().parent
    places = [here / name, here.parent.parent / name]
    if newsroom is not None:
        places.insert(0, newsroom / name)
    for place in places:
        if place.is_dir() and any(p.suffix in (".ttl", ".rq", ".jsonld") for p in place.iterdir()):
            return place
    raise ArtefactError(f"the folder {name}/ is missing from this installation: install communique again")
