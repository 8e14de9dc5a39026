// The editor: a CodeMirror view with remarks underlined, promises resolved in place, and spans that move with the text.
// Offsets here are UTF-16 units, as the page's marks give them.
import {
  Decoration, EditorState, EditorView, StateEffect, StateField, WidgetType,
  history, historyKeymap, isolateHistory, keymap, placeholder, standardKeymap,
} from "./vendor/codemirror.js";
import {GAP} from "./copying.js";
import {difference} from "./joining.js";

const drawMarks = StateEffect.define();
const drawSpot = StateEffect.define();
const drawHeld = StateEffect.define();
/** Pixels at the foot of the window that bars may cover. */
const COVERED = 140;
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

/** At most one span, drawn by `effect` with a class of its own. */
function oneSpan(effect, name) {
  return StateField.define({
    create: () => Decoration.none,
    update(value, change) {
      value = value.map(change.changes);
      for (const {value: span} of change.effects.filter((one) => one.is(effect))) {
        value = span && span[0] < span[1] ? Decoration.set([Decoration.mark({class: name}).range(...span)]) : Decoration.none;
      }
      return value;
    },
    provide: (field) => EditorView.decorations.from(field),
  });
}

const spotField = oneSpan(drawSpot, "spot");
const heldField = oneSpan(drawHeld, "held");

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

/** Typing over a selection: left to itself, a browser copies the look of underlined words into a style that our policy forbids. */
function typeOver(event, view) {
  const {state} = view;
  if (event.inputType !== "insertText" || !event.data || !event.cancelable || view.composing) return false;
  if (state.readOnly || state.selection.main.empty) return false;
  view.dispatch(state.replaceSelection(event.data), {scrollIntoView: true, userEvent: "input.type"});
  event.preventDefault();
  return true;
}

export class Editor {
  #view;
  #since = null;
  #places = {};
  #leaving = false;

  /**
   * `keys` are extra key bindings; `onChange` runs after each change of the text, `onCursor` when the cursor moves, `onOpen` when
   * underlined words are clicked. `help` is the id of what a screen reader says about the keys.
   */
  constructor({parent, text, nonce, label, help, hint, readOnly, keys, onChange, onCursor, onOpen}) {
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
        keymap.of([...keys, ...this.#gapKeys(), ...historyKeymap, ...standardKeymap]),
        EditorView.scrollMargins.of(() => ({bottom: COVERED})),
        EditorView.domEventHandlers({
          beforeinput: (event, view) => typeOver(event, view),
          focus: () => void (this.#leaving = false),
          click: (event) => {
            const key = event.target.closest(".found") && this.keyAtCursor();
            if (key) onOpen(key);
          },
        }),
        history(),
        EditorView.lineWrapping,
        placeholder(hint),
        EditorView.contentAttributes.of({"aria-label": label, "aria-describedby": help, spellcheck: "true", autocapitalize: "sentences", autocorrect: "on"}),
        marksField, spotField, heldField, switchField, listener,
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
    this.#view.dispatch({effects: drawSpot.of(span && this.#now(...span))});
  }

  /** Keeps a span of the text as it is now lit, whether or not the text has the focus; null puts it out. */
  hold(span) {
    this.#view.dispatch({effects: drawHeld.of(span)});
  }

  /** Selects the next [gap] after the cursor (-1: the one before), from the end on the first again; false when there is no other. */
  toGap(by = 1) {
    const found = [...this.text.matchAll(GAP)].map((gap) => [gap.index, gap.index + gap[0].length]);
    const {from, to} = this.#view.state.selection.main;
    const gap = by > 0
      ? found.find(([start]) => start >= to) ?? found[0]
      : found.findLast(([, end]) => end <= from) ?? found.at(-1);
    if (!gap || (gap[0] === from && gap[1] === to)) return false;
    this.select(...gap);
    return true;
  }

  /** Tab goes from gap to gap while there are any, so that filling in flows; after Escape it leaves the text as everywhere. */
  #gapKeys() {
    return [
      {key: "Tab", run: () => !this.#leaving && this.toGap(1), shift: () => !this.#leaving && this.toGap(-1)},
      {key: "Escape", run: () => !(this.#leaving = true)},
    ];
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
    const [gap] = insert.matchAll(GAP);
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
