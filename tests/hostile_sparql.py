"""Queries that end, stop or slow down an engine, of any size; and tokens from which hostile queries are made."""

from __future__ import annotations

from collections.abc import Callable

P = "PREFIX : <http://example.org/> "
S = f"{P}SELECT * WHERE {{ "


def _run(begin: str, piece: str, end: str) -> Callable[[int], str]:
    return lambda n: begin + piece * n + end


def _nested(begin: str, opening: str, inside: str, closing: str, end: str) -> Callable[[int], str]:
    return lambda n: begin + opening * n + inside + closing * n + end


def _counted(begin: str, piece: str, end: str) -> Callable[[int], str]:
    """The piece n times, ``@`` being the number and ``~`` the next one."""
    return lambda n: begin + "".join(piece.replace("@", str(i)).replace("~", str(i + 1)) for i in range(n)) + end


NESTED = {
    # what it is: the query of a size, and how many brackets are around the innermost one besides those repeated
    "groups": (_nested(f"{P}SELECT * WHERE ", "{", "", "}", ""), 0),
    "parentheses": (_nested(f"{S}FILTER ", "(", "1", ")", " }"), 1),
    "calls": (_nested(f"{S}FILTER (", "STR(", "1", ")", ") }"), 2),
    "custom calls": (_nested(f"{S}FILTER (", ":f(", "1", ")", ") }"), 2),
    "IF": (_nested(f"{S}FILTER (", "IF(true, 1, ", "1", ")", ") }"), 2),
    "IN": (_nested(f"{S}FILTER (", "?x IN (", "1", ")", ") }"), 2),
    "not": (_nested(f"{S}FILTER (", "!(", "1", ")", ") }"), 2),
    "sums": (_nested(f"{S}FILTER (", "1+(", "1", ")", ") }"), 2),
    "bracket objects": (_nested(f"{S}?s :p ", "[ :p ", "1", " ]", " }"), 1),
    "bracket subjects": (_nested(S, "[ :p ", "1", " ]", " }"), 1),
    "list objects": (_nested(f"{S}?s :p ", "( ", "1", " )", " }"), 1),
    "list subjects": (_nested(S, "( ", "1", " )", " :p 1 }"), 1),
    "template": (_nested(f"{P}CONSTRUCT {{ ?s :p ", "[ :p ", "1", " ]", " } WHERE {}"), 1),
    "short form of CONSTRUCT": (_nested(f"{P}CONSTRUCT WHERE {{ ?s :p ", "[ :p ", "1", " ]", " }"), 1),
    "paths": (_nested(f"{S}?s ", "(", ":p", ")*", " ?o }"), 1),
    "inverse paths": (_nested(f"{S}?s ", "^(", ":p", ")", " ?o }"), 1),
    "reified triples": (_nested(S, "<< ", ":s", " :p :o >>", " :p :o }"), 1),
    "triple terms": (_nested(f"{S}?s :p ", "<<( :s :p ", ":o", " )>>", " }"), 1),
    "triple terms of VALUES": (_nested(f"{S}VALUES ?x {{ ", "<<( :s :p ", ":o", " )>>", " } }"), 2),
    "annotations": (_nested(f"{S}?s :p :o ", "{| :p :o ", "", "|}", " }"), 1),
    "EXISTS": (_nested(S, "FILTER EXISTS {", "", "}", " }"), 1),
    "OPTIONAL": (_nested(S, "OPTIONAL {", "", "}", " }"), 1),
    "GRAPH": (_nested(S, "GRAPH :g {", "", "}", " }"), 1),
    "sub-selects": (_nested(S, "{ SELECT * ", "{}", "}", " }"), 2),
}

LONG = {
    # what it is: the query of a size, and the largest size that is accepted
    "not": (_run(f"{S}FILTER (", "!", "true) }"), 499),
    "minus": (_run(f"{S}FILTER (1 ", "- ", "?x) }"), 499),
    "plus": (_run(f"{S}FILTER (", "1+", "1) }"), 499),
    "signs": (_run(f"{S}FILTER (?x", " -1", ") }"), 499),
    "times": (_run(f"{S}FILTER (", "?x * ", "1) }"), 499),
    "divided": (_run(f"{S}FILTER (", "?x / ", "1) }"), 499),
    "and": (_run(f"{S}FILTER (", "?x && ", "true) }"), 499),
    "or": (_run(f"{S}FILTER (", "?x || ", "true) }"), 499),
    "equal": (_run(f"{S}FILTER (", "?x = ", "true) }"), 499),
    "less": (_run(f"{S}FILTER (", "?x < ", "1) }"), 499),
    "FILTER": (_run(S, "FILTER (?x) ", "}"), 500),
    "BIND": (_counted(S, "BIND (1 AS ?x@) ", "}"), 319),
    "SELECT expressions": (_counted(f"{P}SELECT ", "(1 AS ?x@) ", "{}"), 500),
    "SELECT variables": (_counted(f"{P}SELECT ", "?x@ ", "{}"), 500),
    "DESCRIBE": (_counted(f"{P}DESCRIBE ", ":x@ ", ""), 500),
    "GROUP BY": (_counted(f"{P}SELECT (1 AS ?c) {{}} GROUP BY ", "?x@ ", ""), 499 + 1),
    "GROUP BY in a sub-select": (_counted(f"{S}{{ SELECT (1 AS ?c) {{}} GROUP BY ", "?x@ ", "} }"), 500),
    "ORDER BY calls": (_run(f"{S}}} ORDER BY ", "STR(?x) ", ""), 500),
    "HAVING": (_run(f"{P}SELECT (1 AS ?c) {{}} GROUP BY ?s HAVING ", "(1) ", ""), 499),
    "columns of VALUES": (lambda n: f"{S}VALUES ({'?x ' * n}) {{}} }}", 77),
    "path alternatives": (_run(f"{S}?s ", ":p|", ":p ?o }"), 500),
    "path modifiers": (_run(f"{S}?s :p", "+", " ?o }"), 500),
    "path inverses": (_run(f"{S}?s ", "^ ", ":p ?o }"), 500),
    "path sequence": (_run(f"{S}?s ", ":p/", ":p ?o }"), 319),
    "negated path": (_run(f"{S}?s !(", ":p|", ":p) ?o }"), 158),
    "UNION": (_run(f"{S}{{}}", " UNION {}", " }"), 318),
    "OPTIONAL": (_counted(S, "OPTIONAL { ?s@ :p ?o@ } ", "}"), 319),
    "OPTIONAL about one": (_counted(S, "OPTIONAL { ?s :p@ ?o@ } ", "}"), 77),
    "MINUS": (_run(S, "MINUS {} ", "}"), 319),
    "EXISTS": (_run(S, "FILTER EXISTS {} ", "}"), 319),
    "groups": (_run(S, "{ ?s :p 1 } ", "}"), 77),
    "GRAPH": (_run(S, "GRAPH ?g {} ", "}"), 77),
    "sub-selects": (_run(S, "{ SELECT (1 AS ?x) {} } ", "}"), 77),
    "triples in a chain": (_counted(S, "?x@ :p ?x~ . ", "}"), 320),
    "triples without full stops": (_counted(S, "?x@ :p ?x~ BIND (1 AS ?y@) ", "}"), 160),
    "triples about one": (_counted(S, "?x :p@ ?y@ . ", "}"), 77),
    "semicolons": (_counted(f"{S}?x :p 1", " ; :p@ 1", "}"), 77),
    "semicolons after brackets": (_counted(f"{S}[] :p 1", " ; :p@ 1", "}"), 78),
    "semicolons in brackets": (_counted(f"{S}?s :q [ :p 1", " ; :p@ 1", "]}"), 78),
    "commas": (_counted(f"{S}?x :p 1", " , :p@", "}"), 77),
    "annotations": (_run(f"{S}?s :p :o ", "{| :p :o |} ", "}"), 38),
    "reifiers": (_run(f"{S}?s :p :o ", "~ :r ", "}"), 77),
    "items of a list": (_run(f"{S}?s :p ( ", "1 ", ") }"), 159),
    "lists in a list": (_run(f"{S}?s :p ( ", "() ", ") }"), 159),
    "VALUES": (_run(S, "VALUES ?x { 1 } ", "}"), 77),
    "LATERAL": (_run(S, "LATERAL {} ", "}"), 319),
}

HARMLESS = {
    "rows of VALUES": _run(f"{S}VALUES ?x {{ ", "1 ", "} }"),
    "tuples of VALUES": _run(f"{S}VALUES (?x ?y) {{ ", "(-1 :a) ", "} }"),
    "items of IN": _counted(f"{S}?s ?p ?o FILTER (?s IN (:a", ", :a@", ")) }"),
    "signed items of IN": _run(f"{S}FILTER (?s IN (-1", ", -1", ")) }"),
    "arguments": _run(f"{S}FILTER (CONCAT('a'", ", 'a'", ")) }"),
    "prefixes": _counted("", "PREFIX p@: <http://example.org/@> ", "ASK {}"),
    "graphs": _counted("ASK ", "FROM <http://example.org/@> ", "{}"),
    "comments": _run("", "# {[(\n", "ASK {}"),
    "a long name": _run(f"{S}?s ?p :", "x", " }"),
    "a long variable": _run(f"{S}?s ?p ?", "x", " }"),
    "a long string": _run(f"{S}?s ?p '", "\\u0041b", "' }"),
    "a long number": _run(f"{S}?s ?p ", "1", " }"),
    "a long template": _run("CONSTRUCT { ", "?s ?p ?o . ", "} WHERE { ?s ?p ?o }"),
}

HIDDEN = [
    # to the engine, each of these asks another server or another graph
    "ASK { ?s ?p trueSERVICE<URL>{ ?a ?b ?c } }",
    "ASK { SERVICESILENT<URL>{ ?a ?b ?c } }",
    "ASK { ?s ?p true.SERVICE<URL>{ ?a ?b ?c } }",
    "PREFIX x: <URL> ASK { ?s ?p true.SERVICE x:{ ?a ?b ?c } }",
    "PREFIX : <URL> ASK { ?s ?p true.SERVICE:{ ?a ?b ?c } }",
    "PREFIX : <URL> ASK { service:{ ?a ?b ?c } }",
    "PREFIX service: <h:> PREFIX : <URL> ASK { service:{ ?a ?b ?c } }",
    "PREFIX service: <h:> PREFIX : <URL> ASK { service:# {\n{ ?a ?b ?c } }",
    "PREFIX Service: <http://a> PREFIX : <URL> ASK { Service:{ ?a ?b ?c } }",
    "PREFIX : <http://e/> ASK { ?s ?p :a.b.SERVICE<URL>{ ?a ?b ?c } }",
    "ASK { ?s ?p 1SERVICE<URL>{ ?a ?b ?c } }",
    "ASK { ?s ?p 1.SERVICE<URL>{ ?a ?b ?c } }",
    "ASK { FILTER(!BOUND(?a)||1<?b)SERVICE<URL>#>\n{ ?a ?b ?c } }",
    "PREFIX u: <URL> ASK { FILTER(!BOUND(?a)||1<2)SERVICE\tu:#>\n{ ?a ?b ?c } }",
    "PREFIX u: <URL> ASK { FILTER(!BOUND(?a)||1<2)SERVICEu:#>\n{ ?a ?b ?c } }",
    "PREFIX u: <URL> ASK { FILTER(1<<h:#>)#'''\n)SERVICE u:{ ?a ?b ?c }#'''\n}",
    "PREFIX u: <URL> PREFIX filter: <h:> PREFIX : <h:> ASK { filter:f(?a<?b)serviceu:#>\n{ ?a ?b ?c } }",
    "PREFIX u: <URL> ASK { { SELECT * {} ORDER BY EXISTS {} (1<?b)} SERVICEu:#>\n{ ?a ?b ?c } }",
    "ASK { SERVICE <URL> { ?a ?b ?c } }",
    "ASK { service ?x { ?a ?b ?c } VALUES ?x { <URL> } }",
    "ASK { #x\rSERVICE <URL> { ?a ?b ?c } }",
    "SELECT * { OPTIONAL { SERVICE SILENT <URL> { ?a ?b ?c } } }",
    "SELECT (EXISTS { SERVICE <URL> { ?a ?b ?c } } AS ?x) {}",
    "ASK FROMNAMED<URL> {}",
    "PREFIX from: <h:> PREFIX : <URL> ASK from: {}",
    "PREFIX from: <h:> PREFIX : <URL> SELECT * from: {}",
    "PREFIX fromNamed: <h:> PREFIX : <URL> DESCRIBE * fromNamed: {}",
    "ASK from<URL> {}",
    "ASK FROM <URL> {}",
    "ASK FROM NAMED <URL> {}",
    "ASK FROM NAMED # x\n<URL> {}",
]
"""Each is refused, whether today's engine takes it or not; ``URL`` stands for the address of another server."""
