// The SPARQL endpoint of a server as the page sees it: asked in the same way as `Engine`, with nothing to load.
import { Failed } from "./engine.js";
import { graphTable, resultTable } from "./results.js";
import { readTriples } from "./triples.js";

const GRAPH = "application/n-triples";

export class Endpoint {
  /** `address` is relative to the page. */
  constructor(address) {
    this.address = address;
  }

  /** The answer to a query. Throws `Failed`; the server has its own limits, and says in a sentence which one was met. */
  async ask({ text }) {
    const { signal } = (this.cancelled = new AbortController());
    const [answer, body] = await this.send(text, signal);
    if (!answer.ok) throw new Failed("refused", { said: refusal(answer, body) });
    return kind(answer) === GRAPH ? graphOf(body) : resultTable(JSON.parse(body));
  }

  cancel() {
    this.cancelled?.abort();
  }

  async send(body, signal) {
    const headers = { Accept: `application/sparql-results+json, ${GRAPH}`, "Content-Type": "application/sparql-query" };
    try {
      const answer = await fetch(this.address, { method: "POST", headers, body, signal });
      return [answer, await answer.text()];
    } catch {
      throw signal.aborted ? new Failed("cancelled") : new Failed("not_loaded", { file: this.address });
    }
  }
}

/** N-Triples are Turtle too; each triple stands once, in the order of its text, as the engine has it. */
function graphOf(body) {
  const triples = readTriples(body);
  return graphTable(triples.map(({ cells }) => cells), triples.map(({ line }) => `${line}\n`).join(""));
}

/** The sentence of the server as it is, and the seconds that it asks for; of what stands between, the status alone. */
function refusal(answer, body) {
  const said = kind(answer) === "text/plain" ? body.trim() : `HTTP ${answer.status} ${answer.statusText}`.trim();
  const wait = answer.headers.get("Retry-After");
  return wait ? `${said} (Retry-After: ${wait})` : said;
}

function kind(answer) {
  return (answer.headers.get("Content-Type") ?? "").split(";")[0];
}
