// The page on which any query can be written and run; `?query=NAME` opens with a canned question.
import { SparqlLanguage } from "codemirror-lang-sparql";
import { Asker, CAN_ANSWER, IS_HOSTED } from "./answers.js";
import { Code } from "./code.js";
import { completions } from "./complete.js";
import { Endpoint } from "./endpoint.js";
import { Engine, fetchJson } from "./engine.js";
import { node } from "./table.js";
import { bind, Wrong } from "./values.js";

const FORMS = { SelectQuery: "SELECT", AskQuery: "ASK", ConstructQuery: "CONSTRUCT", DescribeQuery: "DESCRIBE" };
const FIRST = "SELECT ?s ?name\nWHERE {\n  GRAPH ?g { ?s schema:name ?name }\n}\nLIMIT 20\n";

class EditorPage {
  constructor(form, site, engine) {
    Object.assign(this, { form, site, asker: new Asker(site, form, engine, { raw: true }) });
    form.hidden = false;
    document.getElementById("static").hidden = true;
    this.notice = document.getElementById("how");
    this.notice.textContent = site.endpoint ? this.asker.words.say("offer_served") : this.asker.offer("offer_editor");
    const completed = this.completions();
    const source = async context => (await completed)(context);
    this.code = new Code(form.querySelector(".code"), { source, run: () => this.run() });
    this.listen();
    this.open(Object.fromEntries(new URLSearchParams(location.search)));
  }

  listen() {
    const choice = this.form.elements.query;
    choice.addEventListener("change", () => this.choose(choice.value, {}));
    this.form.addEventListener("submit", event => {
      event.preventDefault();
      this.run();
    });
  }

  async open({ query, ...values }) {
    const { prefixes } = this.site;
    this.code.text = `${Object.entries(prefixes).map(([prefix, space]) => `PREFIX ${prefix}: <${space}>\n`).join("")}\n${FIRST}`;
    if (query) await this.choose(query, values);
  }

  /** What the editor offers; the keywords alone if the file of names does not come. */
  async completions() {
    const names = await this.small("completion").catch(() => ({ classes: [], properties: [] }));
    return completions(names, this.site.prefixes, this.asker.words);
  }

  small(name) {
    return fetchJson(`${this.site.root}assets/${name}.json`);
  }

  async choose(name, values) {
    const queries = await this.small("queries").catch(({ key, more }) => this.asker.tell(key, more));
    const query = queries?.[name];
    if (!query) return;
    this.form.elements.query.value = name;
    this.code.text = exampleText(query, values, this.site);
  }

  async run() {
    const { text } = this.code;
    const answer = await this.asker.ask({ kind: "sparql", text, form: formOf(text) }, error => this.refuse(error));
    if (answer) this.show(answer);
  }

  show(answer) {
    if (!this.site.endpoint) this.notice.textContent = "";
    const caption = document.querySelector("h1").textContent;
    const shown = "boolean" in answer
      ? [node("p", { class: "big" }, this.asker.words.say(answer.boolean ? "yes" : "no"))]
      : this.asker.render(answer, { caption, name: "result" });
    document.getElementById("answer").replaceChildren(...shown);
  }

  /** Say what is wrong, and mark the place if one is named: a parser's words are made plain, a sentence is shown as it is. */
  refuse({ key, more: { said } }) {
    if (key !== "refused") return false;
    const { words } = this.asker;
    const parsed = parserError(said);
    const found = parsed ? misread(this.code.text, words) ?? parsed : { said, ...placeIn(said) };
    this.asker.say(parsed ? words.say("line", found) : said);
    if (found.line) this.code.mark(found.line, found.column, found.said);
    return true;
  }
}

/** The form of a query as the grammar sees it, so that the engine is asked for rows, a graph or a truth value. */
function formOf(text) {
  let found = "";
  SparqlLanguage.parser.parse(text).iterate({
    enter: ({ name }) => {
      found ||= FORMS[name] ?? "";
      return !found;
    },
  });
  return found;
}

/** Where the grammar stumbles: the engine's own parser names the last place that it tried, which may be lines later. */
function misread(text, words) {
  let at = -1;
  SparqlLanguage.parser.parse(text).iterate({
    enter: ({ type, from }) => {
      if (type.isError && at < 0) at = from;
      return at < 0;
    },
  });
  if (at < 0) return null;
  const before = text.slice(0, at).split("\n");
  const value = text.slice(at).split("\n")[0].trim().slice(0, 30);
  const said = value ? words.say("syntax", { value }) : words.say("unfinished");
  return { line: before.length, column: before.at(-1).length + 1, said };
}

/** What the parser of an engine says; of all that it expected, the words that were meant for people. Null for other words. */
function parserError(said) {
  const [, line, column, expected] = /\berror at (\d+):(\d+): expected (?:one of )?(.*)/s.exec(said) ?? [];
  if (!line) return null;
  const plain = expected.split(", ").filter(one => /^[A-Z][a-z]* [a-z]/i.test(one)).join(", ");
  return { line: Number(line), column: Number(column), said: plain ? `${plain}.` : expected };
}

/** The place that a sentence of the server begins with. */
function placeIn(said) {
  const [, line, column] = /^line (\d+), column (\d+):/.exec(said) ?? [];
  return { line: Number(line ?? 0), column: Number(column ?? 0) };
}

/** The text of a canned question; with the values of the address written in, if they are of their types. */
function exampleText(query, values, { base, prefixes }) {
  if (!Object.keys(values).length) return query.text;
  try {
    const terms = Object.entries(bind(query, values, base, prefixes));
    const names = terms.map(([name]) => `?${name}`).join(" ");
    const row = terms.map(([, value]) => printed(value)).join(" ");
    return `${query.before}\n  VALUES (${names}) { (${row}) }${query.after}`.trimStart();
  } catch (error) {
    if (error instanceof Wrong) return query.text;
    throw error;
  }
}

// only for a text that a reader sees before it is run: what runs unseen is printed by the engine
function printed({ iri, text, language, datatype }) {
  if (iri) return `<${iri}>`;
  const quoted = JSON.stringify(text).replace(/\\\\([uU])|\\./gs, (all, u) => (u ? `\\\\\\U${hex(u)}` : all));
  return language ? `${quoted}@${language}` : datatype ? `${quoted}^^<${datatype}>` : quoted;
}

function hex(letter) {
  return letter.codePointAt(0).toString(16).padStart(8, "0");
}

/** What answers: the server, if it has said so, else the browser, if the publication has the programs; null if nothing can. */
function engineFor(site) {
  if (IS_HOSTED && site.endpoint) return new Endpoint(site.endpoint);
  return CAN_ANSWER && site.files.program ? new Engine(site) : null;
}

const form = document.getElementById("sparql");
const site = form && JSON.parse(form.dataset.ask);
const engine = form && engineFor(site);
if (engine) new EditorPage(form, site, engine);
