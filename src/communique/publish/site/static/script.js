/* Comfort only. The address is the state: #char=12,34 is a passage, #person/… an entity, #facts-of-5 a paragraph. */
(() => {
  const root = document.documentElement, $ = (s, e = document) => e.querySelector(s), $$ = (s, e = document) => [...e.querySelectorAll(s)];
  // the same words on the page from which the release was taken: browsers mark them there
  const fragment = (page, text) => {
    const all = text.split(/\s+/).filter(Boolean), parts = all.length > 10 ? [all.slice(0, 5), all.slice(-5)] : [all];
    return `${page.split("#")[0]}#:~:text=` + parts.map(p => encodeURIComponent(p.join(" ")).replaceAll("-", "%2D")).join(",");
  };
  const node = (tag, text, attrs = {}) => Object.assign(document.createElement(tag), { textContent: text }, attrs);
  root.classList.add("js");
  const words = JSON.parse(document.body.dataset.words), base = document.body.dataset.root;
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  for (const b of $$("[data-copy]")) {
    b.hidden = !navigator.clipboard;
    b.onclick = async () => {
      const shown = $("#" + b.dataset.copy).cloneNode(true), data = $("[data-jsonld]", shown);
      if (data) data.replaceWith($('script[type="application/ld+json"]').textContent.trim());
      await navigator.clipboard.writeText(shown.textContent);
      b.textContent = say("copied");
    };
  }
  addEventListener("beforeprint", () => $$("details.why").forEach(d => { d.open = true; }));

  // forms that narrow what is on the page
  for (const form of $$("form[data-filter]")) {
    const rows = $$(form.dataset.filter), count = $("output", form);
    const run = () => {
      const want = [...new FormData(form)].filter(([k, v]) => v && !("fixed" in form.elements[k].dataset));
      let n = 0;
      for (const row of rows) {
        const show = want.every(([k, v]) => (row.getAttribute("data-" + k) || "").split("|").includes(v));
        row.hidden = !show;
        n += show;
      }
      if (count) count.textContent = !n ? say("nothing_fits") : n < rows.length ? say("of", { n, all: rows.length }) : "";
    };
    form.addEventListener("input", run);
    form.addEventListener("submit", e => { e.preventDefault(); run(); });
    for (const [k, v] of new URLSearchParams(location.search)) if (form.elements[k] && !("fixed" in form.elements[k].dataset)) form.elements[k].value = v;
    run();
  }

  // search: an index file for each first letter, read when it is needed; scripts, since a page on a disk may read those
  const search = $("#search");
  if (search) {
    const found = $("#found"), output = $("output", search), field = search.elements.q, shards = {};
    const split = text => text.normalize("NFKC").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const look = () => {
      const wanted = split(field.value), shard = wanted.length ? [...wanted[0]][0].codePointAt(0).toString(16).padStart(4, "0") : "";
      if (shard && !(shard in shards)) {
        shards[shard] = null;
        output.textContent = say("loading");
        document.head.append(node("script", "", { src: `${base}search/${shard}.js`, onerror: () => communiqueFound(shard, []) }));
      }
      const hits = shard && shards[shard] ? shards[shard].filter(([title, , , names]) => {
        const own = split(title + " " + names);
        return wanted.every(w => own.some(o => o.startsWith(w)));
      }) : [];
      found.replaceChildren(...hits.slice(0, 50).map(([title, path, note]) => {
        const li = node("li", "");
        li.append(node("a", title, { href: base + path.replace(/\.html$/, document.body.dataset.suffix + ".html") }), " ", node("span", note));
        return li;
      }));
      if (!shard || shards[shard]) output.textContent = !shard ? "" : !hits.length ? say("nothing_found") : hits.length > 50 ? say("of", { n: 50, all: hits.length }) : "";
    };
    globalThis.communiqueFound = (shard, entries) => { shards[shard] = entries; look(); };
    search.hidden = false;
    search.addEventListener("input", look);
    search.addEventListener("submit", e => { e.preventDefault(); look(); });
  }

  const panel = $(".panel"), sel = $("#sel"), out = $("#sel-in");
  if (!panel || !sel) return;
  const marks = $$("mark[data-passage]"), facts = $$("[data-evidence]", panel);
  const list = (el, name) => (el.dataset[name] || "").split(" ").filter(Boolean);
  const range = t => t.slice(5).split(",").map(Number);
  const passages = [...new Set(marks.flatMap(m => list(m, "passage")))].sort((a, b) => range(a)[0] - range(b)[0] || range(b)[1] - range(a)[1]);
  const wide = matchMedia("(min-width: 54rem)");
  const quoted = t => marks.filter(m => list(m, "passage").includes(t)).map(m => m.textContent).join("");
  const frag = () => { try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; } };
  let at = -1;

  const inPanel = el => { if (el && wide.matches) panel.scrollTop += el.getBoundingClientRect().top - panel.getBoundingClientRect().top - sel.offsetHeight - 24; };
  // bring words into view with the panel beside them
  const reveal = el => {
    const r = el.getBoundingClientRect(), all = $(".reader").getBoundingClientRect();
    let y = r.top - innerHeight * (wide.matches ? 0.4 : 0.2);
    if (wide.matches) y = Math.max(all.top, Math.min(y, all.bottom - innerHeight));
    scrollTo({ top: scrollY + y });
  };
  const seen = el => {
    const r = el.getBoundingClientRect(), p = panel.getBoundingClientRect();
    return r.top > 60 && r.bottom < innerHeight * (wide.matches ? 0.95 : 0.5) && (!wide.matches || Math.abs(p.top) < 20);
  };

  function show(fromText) {
    const id = frag(), passage = passages.includes(id), el = !passage && id && document.getElementById(id);
    const entity = el && el.closest(".e"), para = el && el.matches("details") && el;
    const had = sel.contains(document.activeElement);
    for (const x of $$(".on")) x.classList.remove("on");
    out.replaceChildren();
    sel.hidden = !(passage || entity || para);
    if (had) (sel.hidden ? panel : sel).focus({ preventScroll: true });
    if (sel.hidden) { at = -1; return; }
    let chosen, target, box = node("ul", "");
    if (passage) {
      at = passages.indexOf(id);
      chosen = [id];
      const rest = facts.filter(f => list(f, "evidence").includes(id));
      rest.forEach(f => f.classList.add("on"));
      const [a, z] = range(id), page = document.body.dataset.original;
      const around = passages.filter(p => p !== id && range(p)[0] <= a && range(p)[1] >= z).length;
      out.append(node("h3", say("resting", { n: rest.length }) + (around ? ". " + say("around", { n: around }) : "")), node("p", quoted(id)));
      if (page) out.lastChild.append(" ", node("a", say("original"), { href: fragment(page, quoted(id)), rel: "external" }));
      for (const f of rest) {
        const li = node("li", ""), home = f.closest(".e");
        li.append(node("a", f.dataset.label + (f.classList.contains("inf") ? ` (${say("inferred")})` : ""), { href: "#" + (home ? home.id : "") }));
        box.append(li);
      }
      target = rest[0];
    } else if (para) {
      out.append(node("h3", $("summary", para).textContent));
      box = $("ol", para).cloneNode(true);
      chosen = [];
      at = passages.indexOf($$("mark", $("#p" + id.slice(9)) || $("h1")).flatMap(m => list(m, "passage"))[0]) - 1;
    } else {
      entity.classList.add("on");
      const iri = ($("[data-entity]", entity) || entity).dataset.entity;
      for (const a of $$(".pic a")) a.classList.toggle("on", a.dataset.entity === iri);
      const named = facts.filter(f => entity.contains(f) || $$("[data-entity]", f).some(a => a.dataset.entity === iri));
      // whoever speaks has the words of the statement, too
      const spoken = $$(".st", panel).filter(st => $$(".sp a, .by a", st).some(a => a.dataset.entity === iri)).map(st => $(".f", st));
      chosen = [...new Set([...named, ...spoken].flatMap(f => list(f, "evidence")))].sort((a, b) => range(a)[0] - range(b)[0]);
      // a name or a verb inside a longer passage tells a reader nothing new
      const inside = (p, q) => p !== q && range(q)[0] <= range(p)[0] && range(q)[1] >= range(p)[1];
      const outer = chosen.filter(p => quoted(p).split(/\s+/).length > 3 || !chosen.some(q => inside(p, q)));
      out.append(node("h3", say("passages", { n: outer.length })), node("p", ($("h4 a, .sp, .rep", entity) || entity).textContent));
      for (const p of outer) {
        const li = node("li", ""), t = quoted(p);
        li.append(node("a", t.length > 90 ? t.slice(0, 86) + " …" : t, { href: "#" + p }));
        box.append(li);
      }
      at = passages.indexOf(chosen[0]) - 1;
      target = entity;
    }
    out.append(box);
    inPanel(target);
    const lit = marks.filter(m => list(m, "passage").some(p => chosen.includes(p)));
    lit.forEach(m => m.classList.add("on"));
    for (const a of $$("a.w")) a.classList.toggle("on", chosen.includes(a.hash.slice(1)));
    for (const r of $$(".mini rect")) r.classList.toggle("on", chosen.includes(r.dataset.p));
    if (fromText) return;
    if (entity && !wide.matches) entity.scrollIntoView();
    else if (lit[0] && !lit.some(seen)) reveal(lit[0]);
  }
  const go = (hash, fromText) => { history.pushState(null, "", "#" + hash); show(fromText); };

  // text to facts: the shortest passage first, then the next longer
  document.addEventListener("click", e => {
    const mark = e.target.closest("mark[data-passage]");
    if (mark && !String(getSelection())) {
      const own = list(mark, "passage"), i = own.indexOf(frag());
      return go(own[(i + 1) % own.length], true);
    }
    const link = e.target.closest("a[href^='#']");
    if (!link) return;
    const id = decodeURIComponent(link.hash.slice(1)), el = document.getElementById(id), para = link.matches(".pn");
    if (!para && !passages.includes(id) && !(el && el.closest(".e"))) return;
    e.preventDefault();
    go(id, para);
  });
  const clear = () => { history.pushState(null, "", location.pathname + location.search); show(); };
  sel.addEventListener("click", e => {
    const b = e.target.closest("button");
    if (!b) return;
    if ("clear" in b.dataset) clear();
    else go(passages[(at + Number(b.dataset.step) + passages.length) % passages.length]);
  });
  addEventListener("keydown", e => { if (e.key === "Escape" && !sel.hidden) clear(); });
  addEventListener("hashchange", () => show());
  addEventListener("popstate", () => show());

  const here = $(".here"), map = $(".mini"), text = $("#text");
  const place = () => {
    const r = text.getBoundingClientRect(), k = map.clientHeight / r.height;
    const a = Math.max(0, -r.top), z = Math.min(r.height, innerHeight - r.top);
    here.style.cssText = `top:${a * k}px;height:${Math.max(8, (z - a) * k)}px`;
  };
  let due = 0;
  const later = () => { due ||= requestAnimationFrame(() => { due = 0; place(); }); };
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  place();
  show();
  addEventListener("load", () => show());
})();
