// The editor: a CodeMirror view with remarks underlined, promises resolved in place, and spans that move with the text.
// Offsets here are UTF-16 units, as the page's marks give them.
import {
  Decoration, EditorState, EditorView, StateEffect, StateField, WidgetType,
  history, historyKeymap, isolateHistory, keymap, placeholder, standardKeymap,
} from "./vendor/codemirror.js";

const drawMarks = StateEffect.define();
const drawSpot = StateEffect.define();
const SWITCH = /<!--\s*amends:[^\n]*?-->/g;

class DueChip extends WidgetType {
  constructor(when, kind) {
    super();
    this.when = when;
    this.kind = kind;
  }

  eq(other) {
    return other.when === this.when && other.kind === this.kind;
  }

  toDOM() {
    const chip = document.createElement("span");
    chip.className = "due";
    chip.textContent = this.when;
    chip.title = `${this.kind}, as a reader's clock will show it`;
    return chip;
  }

  ignoreEvent() {
    return false;
  }
}

function clamp(start, end, length) {
  return [Math.min(start, length), Math.min(Math.max(end, start), length)];
}

function decorate(marks, length) {
  const drawn = [];
  for (const [start, end, severity, key] of marks.findings ?? []) {
    const [from, to] = clamp(start, end, length);
    if (from < to) drawn.push(Decoration.mark({class: `found found-${severity}`, key, attributes: {"data-key": key}}).range(from, to));
  }
  for (const [, end, when, kind] of marks.promises ?? []) {
    if (end <= length) drawn.push(Decoration.widget({widget: new DueChip(when, kind), side: 1}).range(end));
  }
  return Decoration.set(drawn, true);
}

const marksField = StateField.define({
  create: () => Decoration.none,
  update(value, change) {
    value = value.map(change.changes);
    for (const effect of change.effects) if (effect.is(drawMarks)) value = decorate(effect.value, change.newDoc.length);
    return value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const spotField = StateField.define({
  create: () => Decoration.none,
  update(value, change) {
    value = value.map(change.changes);
    for (const effect of change.effects) {
      if (effect.is(drawSpot)) value = effect.value ? Decoration.set([Decoration.mark({class: "spot"}).range(...effect.value)]) : Decoration.none;
    }
    return value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function switches(doc) {
  const drawn = [];
  for (const found of doc.toString().matchAll(SWITCH)) {
    drawn.push(Decoration.mark({class: "switch", attributes: {title: "Ignored here; copying leaves this out"}}).range(found.index, found.index + found[0].length));
  }
  return Decoration.set(drawn);
}

const switchField = StateField.define({
  create: (state) => switches(state.doc),
  update: (value, change) => (change.docChanged ? switches(change.newDoc) : value),
  provide: (field) => EditorView.decorations.from(field),
});

/** Where two texts differ: one replacement that turns `before` into `after`. */
export function difference(before, after) {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shortest - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return {from: start, to: before.length - tail, insert: after.slice(start, after.length - tail)};
}

/** What two people made of the same `base`, in one text; null where they touched the same words. */
export function joined(base, theirs, mine) {
  const one = difference(base, theirs);
  const two = difference(base, mine);
  const [first, second] = one.from <= two.from ? [one, two] : [two, one];
  if (theirs === base || mine === base) return theirs === base ? mine : theirs;
  if (first.to > second.from || first.from === second.from) return null;
  return base.slice(0, first.from) + first.insert + base.slice(first.to, second.from) + second.insert + base.slice(second.to);
}

export class Editor {
  #view;
  #since = null;
  #places = {};

  /** `keys` are extra key bindings; `onChange` runs after each change of the text, `onCursor` when the cursor moves. */
  constructor({parent, text, nonce, label, hint, readOnly, keys, onChange, onCursor}) {
    const listener = EditorView.updateListener.of((update) => {
      if (update.docChanged) {
        this.#since = this.#since ? this.#since.composeDesc(update.changes.desc) : update.changes.desc;
        onChange(update.transactions.some((one) => one.isUserEvent("input.rewrite")));
      }
      if (update.selectionSet || update.docChanged) onCursor(this.keyAtCursor());
    });
    this.#view = new EditorView({
      parent,
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorState.readOnly.of(readOnly),
        EditorView.editable.of(!readOnly),
        keymap.of([...keys, ...historyKeymap, ...standardKeymap]),
        history(),
        EditorView.lineWrapping,
        placeholder(hint),
        EditorView.contentAttributes.of({"aria-label": label, spellcheck: "true", autocapitalize: "sentences", autocorrect: "on"}),
        marksField, spotField, switchField, listener,
      ],
    });
  }

  get text() {
    return this.#view.state.doc.toString();
  }

  focus() {
    this.#view.focus();
  }

  /** Replaces what differs, so that cursor, history and remarks survive. */
  become(text) {
    const change = difference(this.text, text);
    if (change.from !== change.to || change.insert) this.#view.dispatch({changes: change, userEvent: "input.adopt"});
  }

  /** Takes over what a check found in the text as it is now. */
  mark(marks) {
    this.#since = null;
    this.#places = marks.places ?? {};
    this.#view.dispatch({effects: drawMarks.of(marks)});
  }

  /** The spans of remarks that are not folded into the whole text, by position. */
  found() {
    const found = [];
    this.#view.state.field(marksField).between(0, this.#view.state.doc.length, (from, to, value) => {
      if (value.spec.key) found.push({key: value.spec.key, from, to});
    });
    return found;
  }

  keyAtCursor() {
    const {head} = this.#view.state.selection.main;
    const at = this.found().filter((one) => one.from <= head && head <= one.to);
    return at.length ? at.reduce((best, one) => (one.to - one.from < best.to - best.from ? one : best)).key : null;
  }

  /** Where a span of the checked text stands now, after what was typed since. */
  #now(start, end) {
    const length = this.#view.state.doc.length;
    if (!this.#since) return clamp(start, end, length);
    if (end > this.#since.length) return [length, length];
    return [this.#since.mapPos(start, 1), Math.max(this.#since.mapPos(start, 1), this.#since.mapPos(end, -1))];
  }

  placeOf(key) {
    const marked = this.found().find((one) => one.key === key);
    if (marked) return [marked.from, marked.to];
    return this.#places[key] ? this.#now(...this.#places[key]) : null;
  }

  /** Lights a span up while the pointer or the focus is on what speaks of it; null puts it out. */
  spot(span) {
    const range = span ? this.#now(...span) : null;
    this.#view.dispatch({effects: drawSpot.of(range && range[0] < range[1] ? range : null)});
  }

  /** Selects a span of the text as it is now and brings it into view. */
  select(from, to = from) {
    this.#view.dispatch({selection: {anchor: from, head: to}, effects: EditorView.scrollIntoView(from, {y: "center"})});
  }

  go(span) {
    this.select(...this.#now(...span));
    this.#view.focus();
  }

  /** Replaces a span of the checked text and selects the first [gap] that the new words leave open. */
  rewrite(start, end, words) {
    const [from, to] = this.#now(start, end);
    const before = this.#view.state.sliceDoc(Math.max(0, from - 1), from);
    const after = this.#view.state.sliceDoc(to, to + 1);
    const apart = (char) => (/\S/.test(char) ? " " : "");
    const insert = from === to ? `${apart(before)}${words.trim()}${/[.,;:!?]/.test(after) ? "" : apart(after)}` : words;
    const gap = insert.match(/\[[^\[\]\n]+\]/);
    const selection = gap
      ? {anchor: from + gap.index, head: from + gap.index + gap[0].length}
      : {anchor: from + insert.length};
    this.#view.dispatch({changes: {from, to, insert}, selection, scrollIntoView: true, userEvent: "input.rewrite", annotations: isolateHistory.of("full")});
    this.#view.focus();
  }

  /** Puts words at the end of the line that holds a position of the checked text. */
  atLineEnd(start, words) {
    const [at] = this.#now(start, start);
    const line = this.#view.state.doc.lineAt(at);
    this.#view.dispatch({changes: {from: line.to, insert: words}, userEvent: "input.rewrite", annotations: isolateHistory.of("full")});
    this.#view.focus();
  }
}
