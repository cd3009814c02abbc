"""What the program cannot do. What a release says wrongly is not here: that is a `Finding`.

CommuniqueError            anything below; the command line shows its sentence and ends with exit code 2
├── NewsroomError          a newsroom, release or archive cannot be opened
├── ArtefactError          the ontology, a shape or a canned query is broken or missing
├── QueryError             a question cannot be asked: unknown name, wrong parameter
├── OutputError            a file cannot be written, or a publication is not what its manifest says
│   └── InexpressibleError   a syntax has no way to write what is to be written in it
├── StoreError             a store cannot be opened or does not answer
└── StoppedError           somebody interrupted a command that had begun to change something; exit code 130
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
    """A question cannot be asked: its name is unknown or a parameter is wrong."""


class OutputError(CommuniqueError):
    """A file cannot be written, or a publication is not what its manifest says."""


class InexpressibleError(OutputError):
    """A syntax has no way to write what is to be written in it; others have."""


class StoreError(CommuniqueError):
    """A store cannot be opened or does not answer."""


class StoppedError(CommuniqueError):
    """Somebody interrupted a command that had begun to change something: what it did, and how to go on."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like ``word``, or None if none is close.

    >>> nearest("startdate", ["startDate", "endDate", "name"])
    'startDate'
    """
    by_folded = {k.casefold(): k for k in sorted(known, reverse=True)}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def did_you_mean(near: str | None, *, otherwise: str, quoted: bool = True) -> str:
    """The question whether ``near`` was meant, or ``otherwise`` if there is no such word.

    >>> did_you_mean("name", otherwise="leave it out"), did_you_mean(None, otherwise="leave it out")
    ("did you mean 'name'?", 'leave it out')
    """
    if not near:
        return otherwise
    return f"did you mean {near!r}?" if quoted else f"did you mean {near}?"


def hint(word: str, known: Collection[str], *, otherwise: str | None = None, quoted: bool = True) -> str:
    """What to do about a word that is not among those ``known``: whether the nearest one was meant, or ``otherwise``.

    Without ``otherwise`` all known words are named, in their order. The sentence of an error puts the word into quotes
    (``quoted``), the fix of a finding shows it as an author writes it.

    >>> hint("nmae", ["name", "type"]), hint("zzz", ["name", "type"])
    ("did you mean 'name'?", 'known: name, type')
    """
    near = nearest(word, known)
    otherwise = f"known: {', '.join(known)}" if otherwise is None else otherwise
    return did_you_mean(near if near != word else None, otherwise=otherwise, quoted=quoted)


def suggestion(word: str, known: Collection[str], *, otherwise: str = "") -> Callable[[], str | None]:
    """The `hint` for the fix of a finding, or None if there is none; it is looked for when it is called.

    A finding that is only counted needs none, and looking for one takes long where there are many words.

    >>> suggestion("nmae", ["name", "type"])(), suggestion("zzz", ["name"], otherwise="leave it out")()
    ('did you mean name?', 'leave it out')
    """
    return lambda: hint(word, known, otherwise=otherwise, quoted=False) or None
