// The engine and the data, in a thread of their own that the page can kill: nothing else stops a query.
import { defaultGraph, initSync, literal, namedNode, Store } from "oxigraph/web.js";
import { associate, associatePair } from "./associate.js";
import { byCodePoint, graphTable, resultTable } from "./results.js";
import { Wrong, written } from "./values.js";

// A worker has the policy of its own answer, not that of its page: what could reach a network is taken away here.
const REACHING_OUT = ["EventSource", "WebSocket", "WebTransport", "Worker", "XMLHttpRequest", "fetch", "importScripts"];
for (const name of REACHING_OUT) Object.defineProperty(self, name, { value: undefined });

let store;

const KINDS = {
  load({ program, data, format }) {
    initSync({ module: program });
    store = new Store();
    store.load(data, { format, no_transaction: true });
    return { size: store.size };
  },
  question: message => question(message),
  sparql: ({ text, form }) => run(associate(text), form),
};

self.onmessage = ({ data: message }) => {
  try {
    self.postMessage({ id: message.id, answer: KINDS[message.kind](message) });
  } catch (error) {
    self.postMessage({ id: message.id, failed: told(error) });
  }
};

function told(error) {
  if (error instanceof Wrong) return { wrong: error.parameter.name, value: error.value, more: error.more };
  // the engine traps on a query that is nested too deep, and cannot be used after it
  const broken = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
  return { broken, said: String(error.message ?? error) };
}

// ---- canned questions

function question({ query, terms, values, base }) {
  const made = Object.entries(terms).map(([name, value]) => [name, engineTerm(query, name, value, values)]);
  const table = run(bound(query, made), query.form, { graphs: graphsOf(terms, base), columns: query.columns });
  if (!table.rows.length) refuseUnknown(query, made, values, base);
  return table;
}

function engineTerm(query, name, value, values) {
  try {
    if ("iri" in value) return namedNode(value.iri);
    return literal(value.text, value.language ?? (value.datatype ? namedNode(value.datatype) : undefined));
  } catch {
    throw new Wrong(query.parameters.find(p => p.name === name), values[name] ?? value.iri);
  }
}

/** The query with its terms in a VALUES block at the head of its main group, as the engine itself prints them. */
function bound(query, made) {
  const [before, after] = associatePair(query.before, query.after);
  if (!made.length) return before + after;
  const names = made.map(([name]) => `?${name}`).join(" ");
  return `${before}\n  VALUES (${names}) { (${made.map(([, value]) => value.toString()).join(" ")}) }${after}`;
}

/** Of one release its own graphs and the registry: it changes no answer and spares joins over the whole store. */
function graphsOf({ release }, base) {
  if (!release?.iri) return undefined;
  const graph = `${base}graph/${release.iri.slice(`${base}release/`.length)}`;
  return [`${base}graph/entities`, graph, `${graph}/inferred`, `${graph}/evidence`, `${graph}/page`].map(namedNode);
}

/** No rows are a true answer only for a value that the data know. */
function refuseUnknown(query, made, values, base) {
  for (const [name, value] of made) {
    const parameter = query.parameters.find(p => p.name === name);
    if (!values[name] || !parameter.offers || value.termType !== "NamedNode") continue;
    const offered = store.query(parameter.offers).map(row => row.get("value").value);
    if (!offered.includes(value.value) && !occurs(value)) {
      throw new Wrong(parameter, values[name], { known: offered.map(iri => written(iri, parameter, base)) });
    }
  }
}

function occurs(node) {
  return store.query(`ASK { GRAPH ?g { { ${node} ?p ?o } UNION { ?s ?p ${node} } } }`);
}

// ---- any query

function run(text, form, { graphs, columns } = {}) {
  const options = graphs ? { named_graphs: graphs } : {};
  if (form === "SELECT" || form === "ASK") {
    return resultTable(JSON.parse(store.query(text, { ...options, results_format: "json" })), columns);
  }
  return graph(store.query(text, options));
}

function graph(quads) {
  const byText = new Map(quads.map(quad => [`${quad.subject} ${quad.predicate} ${quad.object}`, quad]));
  const sorted = [...byText.keys()].sort(byCodePoint).map(key => byText.get(key));
  const turtle = new Store(sorted).dump({ format: "ttl", from_graph_name: defaultGraph() });
  return graphTable(sorted.map(quad => [quad.subject, quad.predicate, quad.object].map(cell)), turtle);
}

const XSD_STRING = "http://www.w3.org/2001/XMLSchema#string";

function cell(node) {
  if (node.termType === "NamedNode") return { type: "uri", value: node.value };
  if (node.termType === "BlankNode") return { type: "bnode", value: node.value };
  const said = { type: "literal", value: node.value };
  if (node.language) return { ...said, "xml:lang": node.language };
  return node.datatype.value === XSD_STRING ? said : { ...said, datatype: node.datatype.value };
}
