// Oxigraph before 0.5.12 reads `a - b + c` from the right, as a - (b + c). SPARQL 1.1 reads it from the left (section 19.8,
// rule 116): the parentheses that say so are written in before the engine sees a query, so that no answer is wrong in silence.
import { SparqlLanguage } from "codemirror-lang-sparql";

const MARKS = [")", "+ ", "("];
const SIGNED = ["NumericLiteralPositive", "NumericLiteralNegative"];

/** A query with the parentheses that its sums and products need. */
export function associate(text) {
  return write(text, insertions(text), 0);
}

/** The same for a query in two pieces. */
export function associatePair(before, after) {
  const found = insertions(before + after);
  const here = found.filter(([at]) => at < before.length);
  const there = found.filter(([at]) => at >= before.length);
  return [write(before, here, 0), write(after, there, before.length)];
}

function write(text, found, offset) {
  let made = "";
  let done = 0;
  for (const [at, mark] of found) {
    made += text.slice(done, at - offset) + mark;
    done = at - offset;
  }
  return made + text.slice(done);
}

/** Places and what to write there, in the order of the text; none for a text that the grammar does not read. */
function insertions(text) {
  const found = [];
  let broken = false;
  SparqlLanguage.parser.parse(text).iterate({
    enter: ({ type, name, node }) => {
      broken ||= type.isError;
      if (name === "MultiplicativeExpression") found.push(...fromLeft(operands(node)));
      if (name === "AdditiveExpression") found.push(...sum(operands(node)));
    },
  });
  return broken ? [] : found.sort(([a, mark], [b, other]) => a - b || MARKS.indexOf(mark) - MARKS.indexOf(other));
}

function operands(node) {
  const found = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    found.push({ name: child.name, from: child.from, to: child.to });
  }
  return found;
}

function fromLeft(terms) {
  const inner = terms.slice(1, -1);
  return [...inner.map(() => [terms[0].from, "("]), ...inner.map(({ to }) => [to, ")"])];
}

/** In `10 -8/2*5` the sign belongs to the number, and the factors behind it to the sum: the grammar has them so. */
function sum(children) {
  const terms = [];
  for (const child of children) {
    if (child.name === "UnaryExpression") terms.at(-1).push(child);
    else terms.push([child]);
  }
  const products = terms.filter(([first, , third]) => third && SIGNED.includes(first.name));
  const signs = products.map(([first]) => [first.from, "+ "]);
  return [...signs, ...products.flatMap(fromLeft), ...fromLeft(terms.map(t => ({ from: t[0].from, to: t.at(-1).to })))];
}
