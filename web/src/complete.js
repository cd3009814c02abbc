// What the editor offers: keywords, variables of the text, and the classes and properties that the data use.

const KEYWORDS = ("SELECT DISTINCT REDUCED CONSTRUCT ASK DESCRIBE WHERE GRAPH OPTIONAL UNION MINUS FILTER BIND VALUES AS " +
  "GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG DATATYPE BOUND IF " +
  "COALESCE EXISTS NOT IN CONTAINS STRSTARTS STRENDS REGEX REPLACE LCASE UCASE STRLEN CONCAT YEAR MONTH DAY PREFIX").split(" ");

/** A source of completions from what `void.ttl` counts: `[name, number]` for classes and properties. */
export function completions({ classes, properties }, prefixes, words) {
  const apply = (view, { label }, from, to) => view.dispatch(insertion(view.state, label, from, to, prefixes));
  const option = (type, boost) => ([label, n]) => ({ label, type, boost, apply, detail: words.say("completion", { n: words.number(n) }) });
  const names = [...properties.map(option("property", 1)), ...classes.map(option("class", 1))];
  const keywords = KEYWORDS.map(label => ({ label, type: "keyword" }));
  return context => {
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) return { from: variable.from, options: variables(context, variable), validFor: /^[?$]\w*$/ };
    const word = context.matchBefore(/[A-Za-z][\w-]*:?[\w.-]*/);
    if (!word && !context.explicit) return null;
    return { from: word ? word.from : context.pos, options: [...names, ...keywords], validFor: /^[A-Za-z][\w-]*:?[\w.-]*$/ };
  };
}

/** A name, and the declaration of its prefix where the text has none. */
function insertion(state, label, from, to, prefixes) {
  const prefix = label.split(":")[0];
  const declared = new RegExp(`PREFIX\\s+${prefix}:`, "i").test(state.doc.toString());
  const line = declared ? "" : `PREFIX ${prefix}: <${prefixes[prefix]}>\n`;
  const changes = [{ from, to, insert: label }, ...(line ? [{ from: 0, insert: line }] : [])];
  return { changes, selection: { anchor: from + line.length + label.length }, userEvent: "input.complete" };
}

function variables(context, own) {
  const text = context.state.doc.toString();
  const rest = text.slice(0, own.from) + " " + text.slice(own.to);
  return [...new Set(rest.match(/[?$]\w+/g) ?? [])].sort().map(label => ({ label, type: "variable" }));
}
