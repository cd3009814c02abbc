"""Write the expected rows of the canned questions anew, for a reviewer to read as a difference.

    python -m tests.tools.write_expected_rows --data real

Each case of ``tests/data/queries/*/cases.yaml`` is asked of its data in the embedded store; an answer that differs is
written to its CSV file and named. Names of questions or of cases (``press-contacts``, ``press-contacts/real``) limit
what is asked, ``--data real`` to one newsroom. Every changed row must be read: what is written is what the program
says now, not what is true.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tests.test_query_answers import CASES, DATA, NAMES, Asked, oxigraph


def main(arguments: Sequence[str] | None = None) -> None:
    """Write what differs, and name it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="names of questions or of cases; all if left out")
    parser.add_argument("--data", choices=NAMES, help="the cases of one newsroom")
    said = parser.parse_args(arguments)
    known = {*CASES, *(case.partition("/")[0] for case in CASES)}
    if unknown := sorted(set(said.only) - known):
        parser.error(f"neither a question nor a case: {', '.join(unknown)}")
    for case in CASES:
        if said.only and not {case, case.partition("/")[0]} & set(said.only):
            continue
        if said.data in (None, CASES[case]["data"]) and write_rows(case):
            print(f"tests/data/queries/{case}.csv")


def write_rows(case: str) -> bool:
    """Ask a case and write its rows; whether they differ from what its file said."""
    file = DATA / f"{case}.csv"
    asked = Asked(case)
    rows = asked.answer(oxigraph(asked.data)).encode()
    if file.exists() and file.read_bytes() == rows:
        return False
    file.write_bytes(rows)
    return True


if __name__ == "__main__":
    main()
