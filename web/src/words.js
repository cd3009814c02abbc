// The words that Python hands over, with their places filled in, and numbers as readers of the language write them.

const TIME = /^([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:[.][0-9]{1,9})?)?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?$/;

/** A day or a moment of RDF as the build writes it in an answer: "2031-05-05 19:30 (UTC+6)" (`Words.time` in Python). */
export function moment(text) {
  const [day, ...rest] = text.split("T");
  return rest.length ? `${day} ${clock(rest.join("T"))}`.trimEnd() : day.trimEnd();
}

function clock(text) {
  const found = TIME.exec(text);
  if (!found) return text;
  const [, minute, second, utc, sign, hours, minutes] = found;
  const shown = minute + (/[1-9]/.test(second ?? "") ? second : "");
  if (!utc && !hours) return shown;
  const ahead = hours ? `${Number(hours)}:${minutes}`.replace(/:00$/, "") : "0";
  return ahead === "0" ? `${shown} (UTC)` : `${shown} (UTC${sign.replace("-", "\u2212")}${ahead})`;
}

export class Words {
  constructor(table, language) {
    Object.assign(this, { table, language });
  }

  say(key, values = {}) {
    return this.table[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  count(key, n) {
    const forms = this.table[key].split("|");
    return forms[Math.min(form(n, this.language), forms.length - 1)].replace("{n}", this.number(n));
  }

  number(n) {
    return String(n).replace(/\B(?=(\d{3})+$)/g, this.language === "en" ? "," : "\u00a0");
  }

  /** A size as the page says it: one decimal of a megabyte. */
  size(bytes) {
    const text = (bytes / 1e6).toFixed(1);
    return this.say("size", { n: this.language === "en" ? text : text.replace(".", ",") });
  }
}

function form(n, language) {
  if (language === "kk") return 0;
  if (language === "en") return Number(n !== 1);
  const [tens, ones] = [n % 100, n % 10];
  return tens >= 11 && tens <= 14 ? 2 : ones === 1 ? 0 : ones >= 2 && ones <= 4 ? 1 : 2;
}
