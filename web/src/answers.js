// What question pages and the editor share: a question under way, its answer, files to take away, sentences.
import { Failed, fetchJson } from "./engine.js";
import { nearest } from "./nearest.js";
import { csv, json } from "./results.js";
import { node, Table } from "./table.js";
import { Words } from "./words.js";

/** Whether a page can ask a server: one from a disk may not read the files beside it. */
export const IS_HOSTED = location.protocol.startsWith("http") && "isWellFormed" in String.prototype;

/** Whether a browser can answer by itself. */
export const CAN_ANSWER = IS_HOSTED && "WebAssembly" in window && "Worker" in window;

export class Asker {
  /**
   * `site` is what the page was told; `form` has a live region and a main button, which gets one to cancel beside it; `engine`
   * answers. If tables are `raw`, they need no file of names.
   */
  constructor(site, form, engine, { raw = false } = {}) {
    Object.assign(this, { site, words: new Words(site.words, site.language), engine, raw, urls: [], busy: false });
    this.status = form.querySelector("output");
    this.cancel = node("button", { type: "button" }, this.words.say("cancel"));
    this.cancel.hidden = true;
    this.cancel.addEventListener("click", () => this.engine.cancel());
    form.querySelector("button.main").after(this.cancel);
  }

  /** The sentence that says how much will be loaded, before anything is. */
  offer(key) {
    const size = (...keys) => this.words.size(keys.reduce((sum, name) => sum + this.site.files[name].size, 0));
    const data = this.raw ? size("data") : size("data", "names");
    return this.words.say(key, { data, program: size("program", "worker") });
  }

  /** The answer to a message, with all that its table needs; null after a failure, which `refuse` may tell in its way. */
  async ask(message, refuse) {
    if (this.busy) return null;
    this.setBusy(true);
    try {
      this.tell("asking");
      const answer = await this.engine.ask(message, done => this.tellLoading(done));
      if (!this.raw) this.names ??= await fetchJson(this.site.files.names.href);
      this.say("");
      return answer;
    } catch (error) {
      this.say("");
      if (!(error instanceof Failed)) this.tell("broken");
      else if (!refuse(error)) this.tell(error.key, error.more);
      return null;
    } finally {
      this.setBusy(false);
    }
  }

  setBusy(busy) {
    this.busy = busy;
    this.cancel.hidden = !busy;
  }

  say(sentence) {
    this.status.textContent = sentence;
  }

  tell(key, values) {
    this.say(this.words.say(key, values));
  }

  tellLoading(done) {
    const all = this.site.files.data.size + this.site.files.program.size;
    this.tell("loading", { done: this.words.size(done), all: this.words.size(all) });
  }

  /** The table of an answer, below a line that says what was asked and offers the files. */
  render(answer, { asked, caption, name }) {
    const counted = `${this.words.count("rows", answer.rows.length)}. ${this.words.say("result")}: `;
    const line = node("p", { class: "num" }, asked ? `${asked} ${counted}` : counted, ...this.files(answer, name));
    return [line, ...new Table(this.site, this.names, this.words, this.raw).render(answer, caption)];
  }

  files(answer, name) {
    this.urls.splice(0).forEach(url => URL.revokeObjectURL(url));
    const files = [["csv", "text/csv", csv(answer)], ["json", "application/sparql-results+json", json(answer)]];
    if (answer.graph) files.push(["ttl", "text/turtle", answer.turtle]);
    return files.flatMap(([suffix, type, text], place) => {
      const href = URL.createObjectURL(new Blob([text], { type }));
      this.urls.push(href);
      return [place ? " · " : "", node("a", { href, download: `${name}.${suffix}` }, `${name}.${suffix}`)];
    });
  }

  /** What is wrong with a value, and what to write instead. */
  wrong(parameter, value, { missing, known } = {}) {
    const offered = known ?? parameter.values ?? [];
    const near = value && nearest(value, offered);
    const example = offered.slice(0, 3).join(", ") || parameter.example;
    const key = missing ? "needed" : known ? "not_among" : `wrong_${parameter.type}`;
    const hint = near ? this.words.say("did_you_mean", { near }) : this.words.say("such_as", { example });
    return `${this.words.say(key, { value: shortened(value) })} ${hint}`;
  }
}

function shortened(value) {
  return value.length > 60 ? `${value.slice(0, 60)}…` : value;
}
