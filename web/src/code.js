// The field in which a query is written: CodeMirror, coloured by the tokens of the style sheet.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";

const colour = (name, more = {}) => ({ color: `var(--${name})`, ...more });
const HIGHLIGHT = HighlightStyle.define([
  { tag: tags.keyword, ...colour("accent", { fontWeight: "600" }) },
  { tag: tags.variableName, ...colour("work") },
  { tag: [tags.string, tags.annotation], ...colour("event") },
  { tag: [tags.integer, tags.float, tags.bool], ...colour("org") },
  { tag: [tags.namespace, tags.url, tags.typeName], ...colour("people") },
  { tag: tags.comment, ...colour("quiet") },
]);

const THEME = EditorView.theme({
  "&": { ...colour("ink"), backgroundColor: "var(--paper)", border: "1px solid var(--edge)", fontSize: "var(--s1)" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", minHeight: "14rem", maxHeight: "60vh" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { ...colour("quiet"), backgroundColor: "var(--ground)", borderRight: "1px solid var(--rule)" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--rule)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--hover)", outline: "1px solid var(--edge)" },
  ".cm-tooltip": { ...colour("ink"), backgroundColor: "var(--paper)", border: "1px solid var(--edge)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "none", overflow: "hidden" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".25rem .6rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--paper)", backgroundColor: "var(--accent)" },
  ".cm-completionDetail": { marginInlineStart: "1rem", fontStyle: "normal" },
  ".cm-diagnostic-error": { borderInlineStart: "5px solid var(--org)" },
});

/** The editor in `place`. It lives in a shadow tree: there CodeMirror adopts its style sheets, which a strict policy allows. */
export class Code {
  constructor(place, { source, run }) {
    const root = place.attachShadow({ mode: "open" });
    const runs = { key: "Mod-Enter", run: () => (run(), true) };
    const keys = [runs, ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, indentWithTab];
    const extensions = [
      keymap.of(keys), lineNumbers(), lintGutter(), history(), drawSelection(), bracketMatching(), closeBrackets(), highlightActiveLine(),
      autocompletion({ override: [source], icons: false, maxRenderedOptions: 10 }),
      sparql(), syntaxHighlighting(HIGHLIGHT), THEME, EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": place.dataset.label, tabindex: "0" }),
      EditorView.updateListener.of(update => update.docChanged && this.unmark()),
    ];
    this.view = new EditorView({ state: EditorState.create({ extensions }), parent: root, root });
  }

  get text() {
    return this.view.state.doc.toString();
  }

  set text(text) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  /** Mark the rest of a line from a column on, both counted from 1, as the engine's messages do. */
  mark(number, column, message) {
    const { doc } = this.view.state;
    const line = doc.line(Math.min(Math.max(number, 1), doc.lines));
    const from = Math.min(line.from + column - 1, line.to);
    this.view.dispatch(setDiagnostics(this.view.state, [{ from, to: line.to, severity: "error", message }]));
    this.view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    this.marked = true;
  }

  /** Take the mark away, once the update that made it wrong is over: none may be dispatched within another. */
  unmark() {
    if (this.marked) setTimeout(() => this.view.dispatch(setDiagnostics(this.view.state, [])));
    this.marked = false;
  }
}
