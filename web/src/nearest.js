// The known word that looks most like another one: the measure and the bound of Python's difflib, as on the command line.

const CLOSE = 0.6;

export function nearest(word, known) {
  const wanted = [...word.toLowerCase()];
  let best = null;
  for (const one of [...known].sort()) {
    const score = likeness([...one.toLowerCase()], wanted);
    if (score >= CLOSE && (!best || score >= best.score)) best = { one, score };
  }
  return best && best.one;
}

function likeness(a, b) {
  const all = a.length + b.length;
  return 2 * Math.min(a.length, b.length) < CLOSE * all ? 0 : (2 * matches(a, b)) / all;
}

function matches(a, b) {
  const [i, j, n] = longest(a, b);
  return n && n + matches(a.slice(0, i), b.slice(0, j)) + matches(a.slice(i + n), b.slice(j + n));
}

function longest(a, b) {
  let best = [0, 0, 0];
  let before = [];
  for (let i = 0; i < a.length; i++) {
    const row = [];
    for (let j = 0; j < b.length; j++) {
      if (a[i] !== b[j]) continue;
      row[j] = (before[j - 1] || 0) + 1;
      if (row[j] > best[2]) best = [i - row[j] + 1, j - row[j] + 1, row[j]];
    }
    before = row;
  }
  return best;
}
