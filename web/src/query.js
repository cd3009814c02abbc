// A question page: its form asks anew, in the browser, once the reader has pressed Ask.
import { Asker, CAN_ANSWER } from "./answers.js";
import { Engine } from "./engine.js";
import { node } from "./table.js";
import { bind, Wrong } from "./values.js";

class QuestionForm {
  constructor(form) {
    const site = JSON.parse(form.dataset.ask);
    Object.assign(this, { form, site, query: site.query, asker: new Asker(site, form, new Engine(site)), narrows: true });
    this.notice = document.getElementById("how");
    this.notice.textContent = this.asker.offer("offer");
    form.noValidate = true;
    this.fill(new URLSearchParams(location.search));
    this.listen();
    this.follow();
  }

  get values() {
    return Object.fromEntries([...new FormData(this.form)].filter(([, value]) => value));
  }

  /** The page's own script narrows the rows that the build wrote; those of an answer are none of its business. */
  listen() {
    const input = event => {
      this.follow();
      if (!this.narrows) event.stopImmediatePropagation();
    };
    const submit = event => {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.ask();
    };
    this.form.addEventListener("input", input, true);
    this.form.addEventListener("submit", submit, true);
  }

  /** Put the values of an address into the form; nothing is asked before the reader does. */
  fill(given) {
    for (const [name, value] of given) {
      const field = this.query.parameters.some(p => p.name === name) && this.form.elements[name];
      if (!field) continue;
      const known = !field.options || [...field.options].some(option => option.value === value);
      if (!known) field.add(new Option(value, value));
      field.value = value;
    }
  }

  async ask() {
    this.unmark();
    const { values, query, site } = this;
    let terms;
    try {
      terms = bind(query, values, site.base, site.prefixes);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      this.mark(error.parameter, error.value, error.more);
      return;
    }
    const answer = await this.asker.ask({ kind: "question", query, terms, values, base: site.base }, e => this.refuse(e));
    if (answer) this.show(answer, values);
  }

  show(answer, values) {
    const asked = Object.entries(values).map(([name, value]) => `${name}: ${this.spoken(name, value)}`).join(", ");
    const shown = this.asker.render(answer, {
      asked: asked && this.asker.words.say("asked_with", { values: asked }),
      caption: document.querySelector("h1").textContent,
      name: this.query.name,
    });
    document.getElementById("answer").replaceChildren(...shown);
    this.notice.textContent = this.asker.words.say("loaded");
    this.notice.nextElementSibling.textContent = command(this.query.name, values);
    history.replaceState(null, "", `?${readable(values)}`);
    this.narrows = false;
  }

  refuse({ key, more }) {
    if (key === "wrong") this.mark(this.query.parameters.find(p => p.name === more.wrong), more.value, more.more);
    if (key === "refused") this.asker.say(more.said);
    return key === "wrong" || key === "refused";
  }

  spoken(name, value) {
    const field = this.form.elements[name];
    return field.selectedOptions ? field.selectedOptions[0].textContent : value;
  }

  mark(parameter, value, more) {
    const field = this.form.elements[parameter.name];
    const id = `wrong-${parameter.name}`;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", id);
    field.closest("label").after(node("p", { class: "wrong", id, role: "alert" }, this.asker.wrong(parameter, value, more)));
    field.focus();
  }

  unmark() {
    for (const told of this.form.querySelectorAll(".wrong")) told.remove();
    for (const field of this.form.querySelectorAll("[aria-invalid]")) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
  }

  /** The editor opens with the values that are in the form. */
  follow() {
    const link = document.getElementById("open-editor");
    const [page] = link.getAttribute("href").split("?");
    link.setAttribute("href", `${page}?${readable({ query: this.query.name, ...this.values })}`);
  }
}

function readable(values) {
  return String(new URLSearchParams(values)).replaceAll("%2F", "/");
}

function command(name, values) {
  return ["communique query", name, ...Object.entries(values).map(([key, value]) => `--${key} ${quoted(value)}`)].join(" ");
}

/** A value as a shell takes it. */
function quoted(value) {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`;
}

const form = document.querySelector("form[data-ask]");
if (form && CAN_ANSWER) new QuestionForm(form);
