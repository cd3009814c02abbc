"""Write the expected rows of the canned questions again, for a reviewer to read as a diff.

    python -m tests.tools.write_expected_rows --data real

Each case of ``tests/data/queries/*/cases.yaml`` is asked of its data in the embedded store; an answer that differs is
written to its CSV file, whose name is printed. Names of questions or cases (``press-contacts``,
``press-contacts/real``) limit what is asked, and so does ``--data real``, to one newsroom. Read every changed row: what
is written is what the program says now, not what is true.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tests.test_query_answers import CASES, DATA, NAMES, Asked, oxigraph


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the files that differ, and print their names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="names of questions or of cases; all if left out")
    parser.add_argument("--data", choices=NAMES, help="the cases of one newsroom")
    options = parser.parse_args(arguments)
    known = {*CASES, *(case.partition("/")[0] for case in CASES)}
    if unknown := sorted(set(options.only) - known):
        names = ", ".join(unknown)
        parser.error(f"no such case in tests/data/queries/*/cases.yaml, which says what is asked: {names}")
    for case in CASES:
        if options.only and not {case, case.partition("/")[0]} & set(options.only):
            continue
        if options.data in (None, CASES[case]["data"]) and write_rows(case):
            print(f"tests/data/queries/{case}.csv")


def write_rows(case: str) -> bool:
    """Ask a case and write its rows; True if they differ from those in its file."""
    file = DATA / f"{case}.csv"
    asked = Asked(case)
    rows = asked.answer(oxigraph(asked.data)).encode()
    if file.exists() and file.read_bytes() == rows:
        return False
    file.write_bytes(rows)
    return True


if __name__ == "__main__":
    main()
