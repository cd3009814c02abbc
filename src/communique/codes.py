"""The codes of findings, stable for scripts, and what each means; rules of the shapes have codes shape:<name>."""

from __future__ import annotations

from typing import Final

CODES: Final[dict[str, str]] = {
    # files
    "missing-file": "a release lacks source.txt or record.yaml",
    "unreadable-file": "a file cannot be read",
    "bad-path": "a link stands where a file is expected; links are not followed",
    "bad-slug": "the name of a release is not made of a-z, 0-9 and hyphens, at most 80",
    "duplicate-slug": "a second release has the same name",
    "too-large": "a file is larger than is read: 1 MiB for a record or a source",
    "bad-encoding": "a byte of the file is not UTF-8",
    "bad-character": "a character that cannot stand in YAML, or NUL in a source",
    "byte-order-mark": "a record begins with a byte order mark (violation), or a source does (warning: it is kept)",
    "carriage-return": "the source has carriage returns; they are kept and count as characters",
    "not-nfc": "the source is not in Unicode normal form C; it is kept",
    "bidi-control": "a bidirectional control character can make the source look different from what it is",
    "control-character": "the source holds a control character; it is kept",
    # YAML and JSON
    "yaml-syntax": "the file is not YAML",
    "yaml-alias": "an anchor or alias (& or *); write the value out",
    "yaml-tag": "a tag (!…); leave it out",
    "second-document": "a second YAML document in one file",
    "too-deep": "nested deeper than 64 levels",
    "duplicate-key": "a key stands twice in one mapping",
    "key-not-text": "a key is a number, a truth value or a list",
    "not-a-mapping": "the file holds no keys and values",
    "json-syntax": "page.json or a line of an archive is not JSON of the expected form",
    # the record
    "no-context": "the record has no @context",
    "bad-context": "the @context is another one, or declares something that does not fit the release",
    "no-release": "no node has the id of the release, that of its folder",
    "unknown-key": "a key that means nothing here; the nearest known one is named",
    "unknown-type": "a class that the context does not know",
    "no-type": "a node says something but not what it is",
    "no-id": "a node has no id",
    "bad-id": "an id that cannot be one: spaces, path steps, capital letters, another site",
    "duplicate-id": "two nodes of a record, or two entities of the registry, have one id",
    "bad-reference": "a value that should be the id of a node or an address and is not",
    "not-a-node": "a node or its id is expected",
    "not-text": "text is expected; numbers are put into quotation marks",
    "empty-value": "a key without a value",
    "incomplete-role": "a role without title or organisation",
    # evidence
    "no-evidence": "nothing in the text is quoted for a node or a role",
    "quote-not-found": "a quote does not stand in the source, character by character",
    "quote-ambiguous": "a quote stands more than once in the source",
    "quote-crosses-paragraph": "a quote runs over the end of a paragraph",
    "evidence-misplaced": "a quote for a fact that the node does not have, or something that is no quote",
    "inference-without-why": "something is inferred without a reason",
    "basis-conflict": "one fact is both stated and inferred",
    "not-grounded": "the words quoted do not say the text, date or number, by any normaliser",
    "too-many-quotes": "more quotes than are read",
    # facts of the page
    "no-origin": "a fact of page.json without a value or without the place it was read from",
    # how things hang together
    "dangling-reference": "a node is named that neither the record nor the registry describes",
    "unreachable-node": "no chain of facts ties a node to the release",
    "https-schema-org": "a schema.org term with https://; its IRIs begin with http://",
    "similar-names": "two entities have one name, or names that differ only in spelling",
    "unused-entity": "no release names an entity of the registry",
    # dataset.yaml
    "no-dataset-file": "there is no dataset.yaml; title and base are the default ones",
    "missing-key": "a key of dataset.yaml that should be there",
    "wrong-type": "a value of dataset.yaml of the wrong kind",
    "not-an-iri": "an address is expected",
    "not-an-email": "an e-mail address is expected",
    "not-a-date": "a day is expected, such as 2015-05-29",
    "not-a-language": "a language tag is expected, such as en",
    "theme-without-label": "a theme from outside the EU list has no label",
    "context-differs": "the @context of dataset.yaml gives a key another meaning",
    "context-not-checked": "the @context of dataset.yaml is elsewhere and was not fetched",
}
"""Every code that the reader, the compiler and lint can give, with its meaning."""
