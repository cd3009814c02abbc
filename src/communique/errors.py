"""The exceptions of the program: what it cannot do. What is wrong with the data is a `Finding` instead.

CommuniqueError            anything below; the command line shows its sentence and ends with exit code 2
├── NewsroomError          a newsroom, release or archive cannot be opened
├── ArtefactError          the ontology, a shape or a canned query is broken or missing
├── QueryError             a canned query cannot be run: unknown name, wrong parameter
├── OutputError            a file cannot be written, or a publication is not what its manifest says
│   └── InexpressibleError   a graph cannot be written in one syntax, but can be in others
├── StoreError             a store cannot be opened or does not answer
├── StorageError           files in the network, as in S3, cannot be listed, read or written
└── StoppedError           a command was interrupted after it had begun to change something; exit code 130
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable


class CommuniqueError(Exception):
    """One plain sentence that says what went wrong and what to do."""


class NewsroomError(CommuniqueError):
    """A newsroom, release or archive cannot be opened."""


class ArtefactError(CommuniqueError):
    """The ontology, a shape or a canned query is broken or missing."""


class QueryError(CommuniqueError):
    """A canned query cannot be run: its name is unknown or a parameter is wrong."""


class OutputError(CommuniqueError):
    """A file cannot be written, or a publication is not what its manifest says."""


class InexpressibleError(OutputError):
    """A graph cannot be written in one syntax, but can be in others."""


class StoreError(CommuniqueError):
    """A store cannot be opened or does not answer."""


class StorageError(CommuniqueError):
    """Files in the network, as in S3, cannot be listed, read or written."""


class StoppedError(CommuniqueError):
    """A command was interrupted after it had begun to change something; says what it did and how to continue."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most similar to ``word``, or None if none is close.

    >>> nearest("startdate", ["startDate", "endDate", "name"])
    'startDate'
    """
    by_folded = {k.casefold(): k for k in sorted(known, reverse=True)}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def did_you_mean(near: str | None, *, otherwise: str, quoted: bool = True) -> str:
    """The question "did you mean …?" for the word ``near``, or ``otherwise`` if there is none.

    >>> did_you_mean("name", otherwise="leave it out"), did_you_mean(None, otherwise="leave it out")
    ("did you mean 'name'?", 'leave it out')
    """
    if not near:
        return otherwise
    return f"did you mean {near!r}?" if quoted else f"did you mean {near}?"


def hint(word: str, known: Collection[str], *, otherwise: str | None = None, quoted: bool = True) -> str:
    """Advice about a word that is not among the ``known`` ones: "did you mean …?", or ``otherwise`` if none is similar.

    Without ``otherwise`` it lists all known words in their order. Error messages put the suggested word into quotation
    marks (``quoted``); the fix of a finding shows it as an author would write it.

    >>> hint("nmae", ["name", "type"]), hint("zzz", ["name", "type"])
    ("did you mean 'name'?", 'known: name, type')
    """
    near = nearest(word, known)
    otherwise = f"known: {', '.join(known)}" if otherwise is None else otherwise
    return did_you_mean(near if near != word else None, otherwise=otherwise, quoted=quoted)


def suggestion(word: str, known: Collection[str], *, otherwise: str = "") -> Callable[[], str | None]:
    """A function that computes the `hint` for the fix of a finding, or None if there is none.

    Comparing a word with many others takes time, and a finding that is only counted needs no hint.

    >>> suggestion("nmae", ["name", "type"])(), suggestion("zzz", ["name"], otherwise="leave it out")()
    ('did you mean name?', 'leave it out')
    """
    return lambda: hint(word, known, otherwise=otherwise, quoted=False) or None
