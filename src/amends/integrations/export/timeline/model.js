// The payload as typed arrays in the order of time, with promises and updates as entries of a source of their own.

import { microsOf } from "./times.js";
import { ERROR } from "./shapes.js";

const NUMBERS = {
  source: Uint16Array, kind: Uint8Array, level: Uint8Array, why: Uint16Array, flags: Uint16Array, count: Float64Array, line: Float64Array,
  offset: Float64Array, length: Float64Array,
};
const WORDS = ["text", "actor", "because", "id", "time_text", "zone"];
const TOLD = "Promises and updates";

/** The columns of all blocks in one, each entry at its place in time; what has no time (NaN) stands at the end. */
export class Model {
  constructor(payload) {
    this.head = payload;
    this.sources = payload.sources.map((source) => source.name);
    this.kinds = [...payload.kinds];
    this.levels = payload.levels;
    this.reasons = payload.reasons;
    this.flagNames = payload.flags;
    const blocks = [...payload.entries];
    this.real = blocks.reduce((sum, block) => sum + block.time.length, 0);
    const told = this.#told(payload);
    if (told.time.length) blocks.push(told);
    this.size = this.real + told.time.length;
    this.#join(blocks);
    this.short = shortNames(this.sources);
    this.dated = this.time.findLastIndex((time) => !Number.isNaN(time)) + 1;
    this.frame = this.#frame();
  }

  isChange(at) {
    return (this.why[at] & (1 << this.reasons.indexOf("change"))) !== 0 || this.kinds[this.kind[at]] === "deploy";
  }

  isError(at) {
    return this.level[at] >= ERROR;
  }

  hasFlag(at, name) {
    return (this.flags[at] & (1 << this.flagNames.indexOf(name))) !== 0;
  }

  /** By how much the clock behind an entry's time seems off: {against, seconds, …}, or null. */
  skew(at) {
    const moved = Number.isNaN(this.time[at]) || this.hasFlag(at, "skew_applied");
    return moved ? null : this.head.sources[this.source[at]]?.skew[0] ?? null;
  }

  /** When an entry ends: the time of its last repeat, or its own. */
  end(at) {
    return Number.isNaN(this.last[at]) ? this.time[at] : this.last[at];
  }

  /** The place of an entry by its id; -1 without one. */
  find(id) {
    return this.id.indexOf(id);
  }

  /** The first place among `places` (in time order) that is not before a time. */
  static after(time, places, micros) {
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (time[places[middle]] < micros) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #join(blocks) {
    const whole = (name) => [].concat(...blocks.map((block) => block[name]));
    const times = Float64Array.from(whole("time"), (value) => value ?? Infinity);
    const order = Array.from(times.keys()).sort((one, other) => times[one] - times[other] || one - other);
    const put = (made, name, none = null) => {
      const given = whole(name);
      for (let to = 0; to < order.length; to += 1) made[to] = given[order[to]] ?? none;
      return made;
    };
    for (const [name, Kind] of Object.entries(NUMBERS)) this[name] = put(new Kind(this.size), name);
    for (const name of WORDS) this[name] = put(new Array(this.size), name);
    for (const name of ["time", "last"]) this[name] = put(new Float64Array(this.size), name, NaN);
    this.#noteKinds();
  }

  /** Which kinds each source has, as bits. */
  #noteKinds() {
    this.kindsOf = new Uint32Array(this.sources.length);
    for (let at = 0; at < this.size; at += 1) this.kindsOf[this.source[at]] |= 1 << this.kind[at];
  }

  /** Promises and updates as a block. A promise stands where it was made, and where it came to its end. */
  #told({promises = [], updates = []}) {
    const block = Object.fromEntries(["time", "last", ...Object.keys(NUMBERS), ...WORDS].map((name) => [name, []]));
    if (!promises.length && !updates.length) return block;
    this.sources.push(TOLD);
    this.told = this.sources.length - 1;
    this.spans = promises.map(({made_at, due, fate}) => ({from: microsOf(made_at), to: microsOf(due), missed: fate === "missed"}));
    this.kinds.push("promise", "update");
    const add = (kind, written, id, text, given = {}) => {
      const row = {
        time: microsOf(written), last: null, source: this.told, kind: this.kinds.indexOf(kind), level: 0, count: 1, why: 0, line: 0,
        offset: 0, length: 0, flags: 0, text, actor: null, because: 0, id, time_text: written, zone: "stated", ...given,
      };
      for (const [name, value] of Object.entries(row)) block[name].push(value);
    };
    for (const {id, quote, made_at, due, fate, settled_at} of promises) {
      add("promise", made_at, id, `Promised: “${quote}”`, {because: [due ? `due ${due}` : "no time was given", `fate: ${fate}`]});
      const ended = settled_at ?? (fate === "missed" ? due : null);
      if (ended) add("promise", ended, `${id}/${fate}`, `Promise ${fate}: “${quote}”`, {level: fate === "missed" ? ERROR : 0});
    }
    for (const {id, time, form, text} of updates) add("update", time, id, text, {actor: form});
    return block;
  }

  /** The span that is shown first: everything, or, where few entries stand far from all others, the span of the others. */
  #frame() {
    if (!this.dated) return [0, 1];
    const first = this.time[0];
    let last = first;
    for (let at = 0; at < this.dated; at += 1) last = Math.max(last, this.end(at));
    this.full = padded(first, last);
    const low = this.time[Math.floor(this.dated * 0.01)];
    const high = this.time[Math.ceil(this.dated * 0.99) - 1];
    return last - first > 50 * Math.max(high - low, 60e6) && this.dated >= 20 ? padded(low, high) : this.full;
  }
}

/** A span with some room on both sides, in whole microseconds. */
export function padded(first, last) {
  const room = Math.ceil(Math.max((last - first) * 0.01, 1e6));
  return [first - room, last + room];
}

/** The shortest ends of names that tell them apart: "payment.log", "b/app.log". */
function shortNames(names) {
  const ends = (name, parts) => name.replace(/!\//g, "/").split("/").slice(-parts).join("/");
  return names.map((name) => {
    for (let parts = 1; parts < 6; parts += 1) {
      const end = ends(name, parts);
      if (end && names.every((other) => other === name || ends(other, parts) !== end)) return end;
    }
    return name;
  });
}
