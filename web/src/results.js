// An answer as text: byte for byte what the command line writes (src/communique/query/results.py).

/** A table is `{columns, rows, graph}`; a cell is null or a value of SPARQL 1.1 Query Results JSON. */
export function csv({ columns, rows }) {
  const lines = [columns, ...rows.map(row => row.map(lexical))];
  return lines.map(line => line.map(quoted).join(",") + "\r\n").join("");
}

function lexical(cell) {
  return !cell ? "" : cell.type === "bnode" ? `_:${cell.value}` : cell.value;
}

function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What SPARQL 1.1 Query Results JSON says as a table; with some `columns` alone, if they are given. */
export function resultTable({ head, results, boolean }, columns = head.vars) {
  if (boolean !== undefined) return { columns: [], rows: [], boolean };
  return { columns, rows: results.bindings.map(found => columns.map(name => found[name] ?? null)) };
}

/** A graph as a table of its triples, with its Turtle. */
export function graphTable(rows, turtle) {
  return { columns: ["subject", "predicate", "object"], rows, graph: true, turtle };
}

export function json({ columns, rows }) {
  const bindings = rows.map(row => object(columns.map((name, i) => row[i] && [string(name), object(said(row[i]))])));
  const head = object([[string("vars"), `[${columns.map(string).join(", ")}]`]]);
  return `{"head": ${head}, "results": {"bindings": [${bindings.map(b => "\n  " + b).join(",")}\n]}}\n`;
}

const string = JSON.stringify;

function object(pairs) {
  return `{${pairs.filter(Boolean).map(([key, value]) => `${key}: ${value}`).join(", ")}}`;
}

function said(cell) {
  return ["type", "value", "xml:lang", "datatype"].filter(key => key in cell).map(key => [string(key), string(cell[key])]);
}

/** Order of code points, as Python sorts; JavaScript's own is that of UTF-16. */
export function byCodePoint(a, b) {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    if (a[i] !== b[i]) return a.codePointAt(i) - b.codePointAt(i);
  }
  return a.length - b.length;
}
