// What a value in a form means: the same types and the same refusals as src/communique/query/bind.py.

const XSD = "http://www.w3.org/2001/XMLSchema#";
// white space as Python knows it: some of it may stand in an IRI, but not at its ends
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const OUTER_SPACE = new RegExp(`^${SPACE}|${SPACE}$`);
const NOT_IN_IRI = /[\x00-\x20<>"{}|^`\\]/;

export class Wrong extends Error {
  constructor(parameter, value, more = {}) {
    super(parameter.name);
    Object.assign(this, { parameter, value, more });
  }
}

/** The terms of the values given and of the defaults, by name of variable; what is unbound asks for all. */
export function bind(query, values, base, prefixes) {
  const terms = {};
  for (const parameter of query.parameters) {
    const value = values[parameter.name] || parameter.default;
    if (value) terms[parameter.name] = term(parameter, value, base, prefixes);
    else if (parameter.required) throw new Wrong(parameter, "", { missing: true });
  }
  return terms;
}

/** The term that a value means: `{iri}`, or `{text}` with a `datatype` or a `language`. */
export function term(parameter, value, base, prefixes) {
  const made = value.isWellFormed() ? MAKERS[parameter.type](value, base, prefixes, parameter) : null;
  if (!made) throw new Wrong(parameter, value);
  return made;
}

const MAKERS = {
  iri: (value, base, prefixes) => {
    const [prefix, ...rest] = value.split(":");
    const absolute = rest.length && Object.hasOwn(prefixes, prefix) ? prefixes[prefix] + rest.join(":") : value;
    const iri = /^[A-Za-z][A-Za-z0-9+.-]*:/.test(absolute) ? absolute : base + value;
    return OUTER_SPACE.test(value) || NOT_IN_IRI.test(iri) ? null : { iri };
  },
  slug: (value, base) => {
    const fits = /^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$/.test(value);
    return fits ? { iri: `${base}release/${value}` } : null;
  },
  string: text => ({ text }),
  "lang-string": value => {
    const at = value.lastIndexOf("@");
    const language = value.slice(at + 1);
    const fits = at >= 0 && /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(language);
    return fits ? { text: value.slice(0, at), language } : null;
  },
  date: text => (isDay(text) ? typed(text, "date") : null),
  year: text => (/^[0-9]{4}$/.test(text) ? typed(text, "gYear") : null),
  integer: text => (/^[+-]?[0-9]{1,18}$/.test(text) ? typed(text, "integer") : null),
  enum: (text, base, prefixes, parameter) => (parameter.values.includes(text) ? { text } : null),
};

function typed(text, datatype) {
  return { text, datatype: XSD + datatype };
}

function isDay(text) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !text.startsWith("0000") && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** How a term of the data is written in a form. */
export function written(iri, parameter, base) {
  const local = iri.startsWith(base) ? iri.slice(base.length) : iri;
  return parameter.type === "slug" ? local.replace(/^release\//, "") : local;
}
