"""The canned questions of a build, read from the publication itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from communique.errors import ArtefactError
from communique.iris import query_path
from communique.query.catalogue import Query, parse_query
from communique.serve.publication import Publication

_FILE: Final = re.compile(re.escape(query_path("?")).replace(r"\?", "([a-z0-9-]+)") + r"/query\.rq")


def read_questions(publication: Publication) -> dict[str, Query]:
    """The questions of a build by name, sorted.

    Those whose file has no header, as older versions of the program published them, are left out: their pages and
    results are files, and they cannot be asked.
    """
    found = {}
    for path, file in sorted(publication.files.items()):
        match = _FILE.fullmatch(path)
        if match is None:
            continue
        try:
            found[match[1]] = parse_query(publication.read(file).decode(), Path(f"{match[1]}.rq"))
        except ArtefactError:
            continue
    return found
