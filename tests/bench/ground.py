"""How long it takes to ground literals in hostile words: processor seconds at n, 2n and 4n; run by hand.

    python tests/bench/ground.py [--size 100000]

Each line is one kind of text; a factor far above 2 from one column to the next is a fault.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from communique.compile.ground import ground
from communique.terms import XSD
from communique.text.dates import dates_of
from communique.text.phones import phones_in
from communique.text.tokens import source_of

Case = tuple[str, str, str]
"""A literal, a key and a text."""

CASES: dict[str, Callable[[int], Case]] = {
    "honorifics in a name": lambda n: ("Mr " * (n // 6) + "X", "name", "Mr " * (n // 3)),
    "honorific after honorific": lambda n: ("Ada Lee", "name", "Ada Mr. Ms. " * (n // 12)),
    "white space": lambda n: ("a b", "text", "a" + " " * n + "c"),
    "words that almost repeat": lambda n: ("a " * (n // 4) + "b", "text", "a \n" * (n // 3)),
    "words in capitals": lambda n: ("A " * (n // 4) + "B", "text", "a  " * (n // 3)),
    "overlapping": lambda n: ("ab-" * (n // 12) + "a", "text", "ab-" * (n // 3)),
    "decomposed letters": lambda n: ("é" * (n // 4) + "x", "name", "e\u0301" * (n // 2)),
    "invisible characters": lambda n: ("ab", "name", "a" + "\u00ad" * n),
    "digits of a telephone": lambda n: ("79460123", "telephone", "7946 (" * (n // 6)),
    "shorthand of telephones": lambda n: ("79460123", "telephone", "79460124" + "/5" * (n // 2)),
    "shorthand of a long number": lambda n: ("79460123", "telephone", "7" * (n // 2) + "/5" * (n // 4)),
    "years": lambda n: ("2015-05-29", "startDate", "2014 " * (n // 5)),
    "days": lambda n: ("2015-05-29", "startDate", "28 May 2015 " * (n // 12)),
    "ranges": lambda n: ("2015-05-29", "startDate", "27-28 May to " * (n // 13) + "2015"),
    "numbers with full stops": lambda n: ("2015-05-29", "startDate", "1.1." * (n // 4) + "2015"),
    "every word another literal": lambda n: (" ".join(map(str, range(n // 12))), "text", "1 2 3 " * (n // 6)),
}


def measure(case: Case) -> float:
    """Processor seconds for one literal, with empty caches."""
    literal, key, text = case
    for cached in (source_of, dates_of):
        cached.cache_clear()
    datatype = XSD + ("date" if key == "startDate" else "string")
    start = time.process_time()
    ground(literal, datatype, key, text, [(0, len(text))])
    list(phones_in(text, 0, len(text)))
    return time.process_time() - start


def literals(count: int, size: int) -> float:
    """Processor seconds for many literals that do not occur in one long paragraph."""
    text = "the report of the council on water " * (size // 35)
    start = time.process_time()
    for k in range(count):
        ground(f"the report {k} of the council", XSD + "string", "text", text, [(0, len(text))])
    return time.process_time() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="characters of the smallest text")
    size = parser.parse_args().size
    sizes = (size, 2 * size, 4 * size)
    print(f"{'':34}" + "".join(f"{n:>12,}" for n in sizes))
    for name, make in CASES.items():
        print(f"{name:34}" + "".join(f"{measure(make(n)):12.3f}" for n in sizes))
    print(f"{'1,000 literals in one paragraph':34}" + "".join(f"{literals(1000, n):12.3f}" for n in sizes))
    print(f"{'more literals, one paragraph':34}" + "".join(f"{literals(n // 100, size):12.3f}" for n in sizes))


if __name__ == "__main__":
    main()
