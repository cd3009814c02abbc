"""The time that every canned question takes on a large archive, as a table.

    python tests/bench/questions.py STORE [--queries DIR] [--only NAME …] [--seconds 60]

STORE is a folder that `communique load --store STORE` filled. Each question is asked without values, but for those
that it needs: the first that the question offers, or the subject and property of one fact. Times are seconds of the
clock for the whole answer, the best of three; the table also gives the number of rows and the time that the offers of a
form take.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from communique.apart import TooLongError
from communique.errors import CommuniqueError
from communique.iris import read_graph
from communique.query.ask import offers, run
from communique.query.catalogue import Catalogue, Query
from communique.store.apart import StoreApart

FACT = {
    "subject": "SELECT ?value WHERE { GRAPH ?g { ?value <http://schema.org/attendee> ?o } } ORDER BY ?value LIMIT 1",
    "predicate": "SELECT ?value WHERE { VALUES ?value { <http://schema.org/attendee> } }",
}
"""What to ask for where a question needs a value and offers none."""


def values_of(query: Query, store: StoreApart) -> dict[str, str]:
    """Values for the parameters that a question needs."""
    values = {}
    for parameter in (one for one in query.parameters if one.required):
        text = parameter.values_query or FACT.get(parameter.name)
        if text is None:
            values[parameter.name] = parameter.example
            continue
        value = next(row[0].value for row in store.query(text).rows if row[0] is not None)
        values[parameter.name] = value.rpartition("/")[2] if parameter.type == "slug" else value
    return values


def base_of(store: StoreApart) -> str:
    """The base of the newsroom in a store, from the name of the graph of its registry."""
    text = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s a ?c } FILTER (STRENDS(STR(?g), '/graph/entities')) } LIMIT 1"
    name = next(row[0].value for row in store.query(text).rows if row[0] is not None)
    base = name.removesuffix("graph/entities")
    assert read_graph(name, base) is not None
    return str(base)


def best_of(times: int, ask: object) -> tuple[float, object]:
    """The shortest of several runs, in seconds, and the last answer."""
    seconds, answer = float("inf"), None
    for _ in range(times):
        start = time.perf_counter()
        answer = ask()  # type: ignore[operator]
        seconds = min(seconds, time.perf_counter() - start)
        if seconds > 3:
            break
    return seconds, answer


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--queries", type=Path, help="the folder that holds queries/; default: those packaged")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    catalogue = dict(Catalogue(options.queries))
    with StoreApart(options.store, options.seconds) as store:
        base = base_of(store)
        for name, query in catalogue.items():
            if options.only and name not in options.only:
                continue
            try:
                values = values_of(query, store)
                seconds, answer = best_of(3, lambda: run(catalogue, name, values, store, base=base))  # noqa: B023
                rows: object = len(answer.rows)  # type: ignore[attr-defined]
            except (TooLongError, CommuniqueError) as no:
                seconds, rows = options.seconds, f"refused: {no}"
            asked = [one for one in query.parameters if one.values_query]
            offering = max((best_of(1, lambda: offers(one, store))[0] for one in asked), default=0.0)  # noqa: B023
            print(f"{name:28} {seconds:7.3f} s {rows!s:>9} rows   offers {offering:6.3f} s", flush=True)


if __name__ == "__main__":
    main()
