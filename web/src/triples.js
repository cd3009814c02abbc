// Triples as they stand in N-Triples (https://www.w3.org/TR/n-triples/), one on each line.
import { byCodePoint } from "./results.js";

const TERM = String.raw`<([^>]*)>|_:(\S+)|"([^"\\]*(?:\\.[^"\\]*)*)"(?:\^\^<([^>]*)>|@([A-Za-z0-9-]+))?`;
const LINE = new RegExp(String.raw`^(?:${TERM})\s+(?:${TERM})\s+(?:${TERM})\s*\.$`);
const GROUPS = 5;
const LETTERS = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

/** Each triple of a text once, sorted: its line, and its cells as in SPARQL 1.1 Query Results JSON. */
export function readTriples(text) {
  const lines = [...new Set(text.split("\n").filter(Boolean))].sort(byCodePoint);
  return lines.map(line => ({ line, cells: cellsOf(line) }));
}

function cellsOf(line) {
  const found = LINE.exec(line);
  if (!found) throw new SyntaxError(`no triple: ${line}`);
  return [1, 1 + GROUPS, 1 + 2 * GROUPS].map(at => cell(...found.slice(at, at + GROUPS)));
}

function cell(iri, blank, text, datatype, language) {
  if (iri !== undefined) return { type: "uri", value: unescaped(iri) };
  if (blank !== undefined) return { type: "bnode", value: blank };
  const said = { type: "literal", value: unescaped(text) };
  if (language) return { ...said, "xml:lang": language };
  return datatype ? { ...said, datatype: unescaped(datatype) } : said;
}

function unescaped(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, one) => {
    const code = four ?? eight;
    return code ? String.fromCodePoint(Number.parseInt(code, 16)) : LETTERS[one] ?? one;
  });
}
