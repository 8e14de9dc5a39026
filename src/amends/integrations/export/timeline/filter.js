// Which entries are shown: words, kinds, levels, sources, reasons, and the window of time.

import { Model } from "./model.js";

/** The parts of a query: `word`, `-word`, `"a phrase"`, `-"a phrase"`; all must hold. */
export function parsed(query) {
  return [...query.matchAll(/(-?)(?:"([^"]*)"?|(\S+))/g)]
    .map(([, minus, phrase, word]) => ({without: minus === "-", text: (phrase ?? word).toLowerCase()}))
    .filter((part) => part.text);
}

export const FACETS = {
  level: {title: "Levels", of: (model) => model.levels.map((name) => name ?? "not said")},
  kind: {title: "Kinds", of: (model) => model.kinds},
  source: {title: "Sources", of: (model) => model.short},
  why: {title: "Reasons", of: (model) => model.reasons.map((name) => name.replace("-", " "))},
};

/** Chosen values are numbers; none chosen means all. A reason is a bit, so an entry can have several. */
export class Filter {
  query = "";
  chosen = {level: new Set(), kind: new Set(), source: new Set(), why: new Set()};
  #model;
  #words = null;
  #lower = null;

  constructor(model) {
    this.#model = model;
  }

  get isOn() {
    return this.query.trim() !== "" || Object.values(this.chosen).some((set) => set.size);
  }

  clear() {
    this.query = "";
    for (const set of Object.values(this.chosen)) set.clear();
  }

  /** Places of the entries that match, whatever the window, in time order. */
  matching() {
    const tests = this.#tests();
    const found = new Uint32Array(this.#model.size);
    let size = 0;
    for (let at = 0; at < this.#model.size; at += 1) if (tests.every((test) => test.holds(at))) found[size++] = at;
    return found.subarray(0, size);
  }

  /** For each value of a facet, how many entries of the window it would leave under all other choices. */
  counts(name, [from, to]) {
    const tests = this.#tests().filter((test) => test.name !== name);
    const model = this.#model;
    const counts = new Array(FACETS[name].of(model).length).fill(0);
    for (let at = 0; at < model.size; at += 1) {
      if (model.time[at] > to || model.end(at) < from || !tests.every((test) => test.holds(at))) continue;
      if (name !== "why") counts[model[name][at]] += 1;
      else for (let bits = model.why[at], bit = 0; bits; bits >>= 1, bit += 1) counts[bit] += bits & 1;
    }
    return counts;
  }

  #tests() {
    const model = this.#model;
    const tests = [];
    for (const name of ["level", "kind", "source"]) {
      const wanted = this.chosen[name];
      if (wanted.size) tests.push({name, holds: (at) => wanted.has(model[name][at])});
    }
    if (this.chosen.why.size) {
      const bits = [...this.chosen.why].reduce((sum, bit) => sum | (1 << bit), 0);
      tests.push({name: "why", holds: (at) => (model.why[at] & bits) !== 0});
    }
    if (this.query.trim()) {
      const held = this.#held();
      tests.push({name: "query", holds: (at) => held[at] === 1});
    }
    return tests;
  }

  /** 1 for each entry whose words hold the query; kept until the query changes. */
  #held() {
    if (this.#words?.query === this.query) return this.#words.held;
    const model = this.#model;
    this.#lower ??= model.text.map((text, at) => (model.actor[at] ? `${model.actor[at]} ${text}` : text).toLowerCase());
    const parts = parsed(this.query);
    const held = Uint8Array.from(this.#lower, (text) => (parts.every((part) => text.includes(part.text) !== part.without) ? 1 : 0));
    this.#words = {query: this.query, held};
    return held;
  }
}

/** The matching entries of a window: those that began before and still repeated in it, then those that begin in it; those without a time
    belong to the window that holds everything. */
export function inWindow(model, matching, [from, to], isWhole) {
  const end = Model.after(model.time, matching, Infinity);
  const dated = matching.subarray(0, end);
  const first = Model.after(model.time, dated, from);
  const last = Model.after(model.time, dated, to + 1);
  const running = dated.subarray(0, first).filter((at) => model.last[at] >= from);
  const undated = isWhole ? matching.subarray(end) : [];
  const shown = new Uint32Array(running.length + (last - first) + undated.length);
  shown.set(running);
  shown.set(dated.subarray(first, last), running.length);
  shown.set(undated, running.length + last - first);
  return shown;
}
