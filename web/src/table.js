// An answer as a table like those that the build writes (src/communique/publish/site/questions.py).

import { moment } from "./words.js";

const ROWS = 500;
const PLACES = ["start", "end", "passage"];
/** Columns whose cells are words of the program on what a row rests. */
const BASIS = /basis$|^reason$|^concluded_by$/;

/** Types whose values are written for readers, with the value itself for programs. */
const DATED = /(?:^|[#/])(?:date|gYearMonth|dateTime)$/;

const LINKED = /^(https?|mailto|tel):/i;

export function node(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value || value === 0) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

export class Table {
  /**
   * `names` are the titles of entities by path and the paragraphs of releases; `site` is what the page was told. A `raw`
   * table shows every column as it is: who writes a query wants what was asked for.
   */
  constructor(site, names, words, raw) {
    Object.assign(this, { site, names, words, raw });
  }

  /** What the page shows of an answer: a table in its frame, or one sentence. */
  render(answer, caption) {
    if (!answer.rows.length) return [node("p", { class: "big" }, this.words.say("no_rows"))];
    const shown = this.raw ? Object.fromEntries(answer.columns.map(name => [name, ""])) : this.shown(answer);
    const head = node("tr", {}, ...Object.keys(shown).map(name => node("th", { scope: "col" }, this.heading(name))));
    const rows = answer.rows.slice(0, ROWS).map(row => this.row(answer.columns, row, shown));
    const table = node("table", { class: "stack", id: "result" }, node("caption", { class: "vh" }, caption), node("thead", {}, head));
    table.append(node("tbody", {}, ...rows));
    const frame = node("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": this.words.say("result") }, table);
    return [...this.above(answer, shown), frame];
  }

  above(answer, shown) {
    const found = [];
    const release = this.raw || "release" in shown ? null : answer.rows.map(row => row[answer.columns.indexOf("release")]).find(Boolean);
    if (release) found.push(node("p", { class: "num" }, `${this.words.say("all_rows_of")} `, this.value(release)));
    const [n, all] = [ROWS, answer.rows.length].map(number => this.words.number(number));
    if (answer.rows.length > ROWS) found.push(node("p", { class: "lead" }, node("strong", {}, this.words.say("first_rows", { n, all }))));
    return found;
  }

  /** The columns shown, each with the column that holds the names of its nodes; what only programs use is left out. */
  shown({ columns, rows }) {
    const shown = {};
    const names = new Set();
    columns.forEach((column, place) => {
      const values = rows.map(row => row[place]).filter(Boolean);
      const next = columns[place + 1];
      const named = ["name", `${column}_name`, "headline"].includes(next) ? next : "";
      const nodes = values.filter(value => value.type === "uri");
      const inner = nodes.length && !named && nodes.every(({ value }) => value.includes("#") && value.startsWith(this.site.base));
      const hidden = names.has(column) || (PLACES.includes(column) && columns.includes("quote")) || inner || !values.length;
      const same = column === "release" && values.length > 1 && new Set(values.map(v => v.value)).size === 1;
      if (hidden || same) return;
      shown[column] = nodes.length === values.length ? named : "";
      if (shown[column]) names.add(named);
    });
    return shown;
  }

  row(columns, row, shown) {
    const at = Object.fromEntries(columns.map((name, i) => [name, row[i]]));
    const cells = Object.entries(shown).map(([name, named]) => {
      const cell = node("td", { "data-th": this.heading(name), class: name === "quote" && "say2" });
      const inferred = !this.raw && name.endsWith("basis") && at[name]?.value === "inferred";
      const word = !this.raw && at[name] && this.cellWords(name, at[name]);
      if (inferred) cell.append(node("em", { class: "tag" }, word || at[name].value));
      else if (word) cell.append(node("span", { class: "v" }, word));
      else if (at[name]) cell.append(this.value(at[name], at[named]));
      if (name === "quote" && !this.raw) cell.append(...this.handle(at));
      return cell;
    });
    return node("tr", {}, ...cells);
  }

  value(cell, name) {
    if (!this.raw && DATED.test(cell.datatype ?? "")) return node("time", { datetime: cell.value }, moment(cell.value));
    if (cell.type !== "uri") return node("span", { class: "v", lang: cell["xml:lang"] }, cell.value);
    if (!cell.value.startsWith(this.site.base)) {
      const text = short(cell.value, this.site.prefixes);
      return LINKED.test(cell.value) ? node("a", { href: cell.value }, text) : node("span", { class: "v" }, text);
    }
    const path = cell.value.slice(this.site.base.length);
    const text = this.raw ? path : name ? name.value : this.names.titles[path] || path.split("#").pop();
    return node("a", { "data-entity": cell.value, href: this.address(path), lang: name && name["xml:lang"] }, text);
  }

  /** The sign that leads to the words: the paragraph of the release in which the passage stands. */
  handle({ passage, start, end }) {
    if (!passage || !start || !end) return [];
    const slug = passage.value.slice(`${this.site.base}release/`.length).split("/")[0];
    const found = (this.names.paragraphs[slug] || []).find(([from, to]) => from <= Number(start.value) && Number(start.value) < to);
    const href = `${this.address(`release/${slug}`)}#char=${start.value},${end.value}`;
    const hidden = node("span", { class: "vh" }, `${this.words.say("where_it_says_so")} `);
    return [" ", node("a", { class: "w", href }, hidden, this.place(found ? found[2] : ""))];
  }

  /** What a cell says in the language of the page where its words are the program's and differ, as `cell_words` has it. */
  cellWords(column, cell) {
    if (cell.type === "uri") return "";
    const word = BASIS.test(column) ? this.worded(cell.value) : !cell["xml:lang"] && this.site.values?.[`${column}: ${cell.value}`];
    return word && word !== cell.value ? word : "";
  }

  /** A text of the program in the language of the page; what follows a colon that it ends in is a reader's, and stays. */
  worded(text) {
    const table = this.site.values ?? {};
    const begun = Object.keys(table).find(known => known.endsWith(": ") && text.startsWith(known));
    return table[text] ?? (begun ? table[begun] + text.slice(begun.length) : "");
  }

  /** What a column is called in the language of the page. */
  heading(column) {
    return this.site.heads?.[column] ?? column.replaceAll("_", " ");
  }

  place(label) {
    return label === "0" ? this.words.say("headline") : label ? `¶\u00a0${label}` : this.words.say("beside");
  }

  /** Where a node is read about, as `Pages.address` says it. */
  address(iriPath) {
    let [path, ...rest] = iriPath.split("#");
    let fragment = rest.join("#");
    if (path.startsWith("graph/")) return this.site.root + quote(graphFile(path.split("/")[1]));
    path = path.replace(/\/source\.txt$/, "");
    if (fragment.startsWith("s-")) fragment = "";
    const file = `${path}/index${this.site.suffix}.html`;
    return this.site.root + quote(file) + (fragment && `#${quote(fragment).replaceAll("%3F", "?")}`);
  }
}

function graphFile(slug) {
  return { entities: "dataset.trig", dataset: "void.ttl" }[slug] ?? `release/${slug}/index.trig`;
}

export function short(iri, prefixes) {
  const found = Object.entries(prefixes).find(([, space]) => iri.startsWith(space) && !iri.slice(space.length).includes("/"));
  return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
}

function quote(path) {
  return encodeURIComponent(path).replace(/%(2F|24|26|2B|2C|3B|3D|3A|40)/g, decodeURIComponent);
}
