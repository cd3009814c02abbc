"""The words of SPARQL queries: the gate accepts no other, for the engine reads ``trueSERVICE`` as two words."""

from __future__ import annotations

from typing import Final

FORMS: Final = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
UPDATES: Final = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH", "USING")
)
PATTERNS: Final = frozenset(("UNION", "OPTIONAL", "MINUS", "GRAPH", "WHERE", "LATERAL"))
"""After these come patterns."""
VALUES: Final = frozenset(("A", "TRUE", "FALSE", "UNDEF"))
"""These are terms."""
MODIFIERS: Final = frozenset((
    "FROM", "NAMED", "DISTINCT", "REDUCED", "AS", "GROUP", "BY", "HAVING", "ORDER", "ASC", "DESC", "LIMIT",
    "OFFSET", "VALUES", "FILTER", "BIND", "NOT", "EXISTS", "IN", "SEPARATOR", "PREFIX", "BASE", "VERSION",
))  # fmt: skip
FUNCTIONS: Final = frozenset((
    "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT", "STR", "LANG", "LANGMATCHES", "LANGDIR",
    "DATATYPE", "BOUND", "IRI", "URI", "BNODE", "RAND", "ABS", "CEIL", "FLOOR", "ROUND", "CONCAT", "STRLEN",
    "UCASE", "LCASE", "ENCODE_FOR_URI", "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "YEAR",
    "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "TIMEZONE", "TZ", "NOW", "UUID", "STRUUID", "MD5", "SHA1",
    "SHA256", "SHA384", "SHA512", "COALESCE", "IF", "STRLANG", "STRLANGDIR", "STRDT", "SAMETERM", "SAMEVALUE",
    "ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC", "HASLANG", "HASLANGDIR", "REGEX", "SUBSTR", "REPLACE",
    "TRIPLE", "SUBJECT", "PREDICATE", "OBJECT", "ISTRIPLE", "ADJUST",
))  # fmt: skip
KNOWN: Final = FORMS | PATTERNS | VALUES | MODIFIERS | FUNCTIONS
