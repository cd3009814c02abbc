"""Whether a figure takes the amount of a change for what changed, or a level for the amount of a change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from communique.compile.reading import Reading
from communique.text.changes import Change, change_of, change_words
from communique.text.numbers import Quantity
from communique.text.passages import Span
from communique.text.tokens import lower_case

_WORD: Final = re.compile(r"[^\W\d_]+")


def is_other_change(
    reading: Reading,
    quantity: Quantity,
    others: Iterable[Quantity],
    wanted: Sequence[str],
    nearest: Callable[[str, Quantity], Span | None],
) -> bool:
    """Whether a quantity is the amount of a change that the words wanted do not say, or the other way round.

    "Revenue was 96 million, up 4.5 %": the 4.5 % are no revenue, and the 96 million did not go up by so much.
    ``nearest`` finds the place of a word that is nearest to a quantity; ``others`` stand in the same stretch.
    """
    change, said = change_of(reading.source, quantity, reading.language), change_words(wanted, reading.language)
    if change is not None and change.is_amount and not said:
        return True
    spans = [span for word in said if (span := nearest(word, quantity)) is not None]
    if change is not None and change.words in spans:
        return not change.is_amount and not _says_goal(reading, change, quantity, wanted)
    changes = (change_of(reading.source, other, reading.language) for other in others if spans)
    return any(other is not None and other.words in spans for other in changes)


def _says_goal(reading: Reading, change: Change, quantity: Quantity, wanted: Sequence[str]) -> bool:
    """Whether the words wanted say that something changed into so much: "rose to"."""
    between = reading.source[change.words.end : quantity.span.start]
    return any(lower_case(word) in wanted for word in _WORD.findall(between)[-1:])
