// The list of entries in time order. Only the rows in sight exist; heights are known without measuring, but for the one that is open.
// It works whether the list scrolls itself or the page does.

import { counted, eachFrame, el, until } from "./dom.js";
import { TALL, rowOf, tallness } from "./entry.js";

/** Browsers hold no taller box than about 17 million pixels. */
const TALLEST = 12e6;
const BEYOND = 300;

export class List {
  #page;
  #places = new Uint32Array(0);
  #tops = new Float64Array(1);
  #size = 0;
  #rows = new Map();
  #current = -1;
  #isOpen = false;
  #extra = 0;
  #heights = null;
  #sizer = el("ol.tl-rows");
  #probe = el("div.tl-probe");
  #nothing = el("p.tl-nothing", {hidden: true});
  #rest = el("p.tl-nothing", {hidden: true});

  /** `page` has what `rowOf` needs, and open(at, isOpen), act(name, at), sighted(first, last), ends (when to stop listening). */
  constructor(page) {
    this.#page = page;
    const sizer = el("div.tl-sizer", {}, this.#sizer, this.#probe);
    this.part = el("section.tl-list", {"aria-label": "Entries"}, this.#nothing, sizer, this.#rest);
    const draw = eachFrame(() => this.render());
    this.part.addEventListener("scroll", draw, {passive: true});
    addEventListener("scroll", draw, {passive: true, signal: page.ends});
    until(page.ends, new ResizeObserver(() => {
      this.#heights = null;
      this.#layOut();
      draw();
    })).observe(this.part);
    this.part.addEventListener("click", (event) => this.#clicked(event));
  }

  get current() {
    return this.#current;
  }

  get isOpen() {
    return this.#isOpen;
  }

  get places() {
    return this.#places;
  }

  /** Shows these entries. The current one stays where it is on the screen; without it, a list that scrolls itself begins at its top. */
  show(places, nothing) {
    const was = this.#indexOf(this.#current);
    const held = was < 0 ? 0 : this.#top(was) - this.part.scrollTop;
    this.#places = places;
    this.#nothing.textContent = nothing;
    this.#nothing.hidden = places.length > 0;
    this.#layOut();
    this.#sizer.parentElement.style.height = `${this.#tops[this.#size] + this.#extra}px`;
    const index = this.#indexOf(this.#current);
    this.part.scrollTop = index < 0 ? 0 : this.#top(index) - held;
    this.again();
  }

  /** Begins a list that scrolls itself with an entry; a page that scrolls stays where it is. */
  begin(at) {
    const index = this.#indexOf(at);
    if (index < 0) return;
    this.part.scrollTop = this.#top(index);
    this.render();
  }

  /** Writes every row anew: the zone or the entries are others now. */
  again() {
    const focused = this.#sizer.contains(document.activeElement);
    for (const row of this.#rows.values()) row.remove();
    this.#rows.clear();
    this.render();
    if (focused) this.#rows.get(this.#indexOf(this.#current))?.firstChild.focus({preventScroll: true});
  }

  /** Makes an entry the current one and brings it into sight; `block` as in `scrollIntoView`. */
  select(at, {open = false, focus = false, block = "nearest"} = {}) {
    const changed = [this.#current, at];
    this.#current = at;
    this.#isOpen = open;
    this.#extra = 0;
    for (const one of changed) this.#drop(this.#indexOf(one));
    this.render();
    const index = this.#indexOf(at);
    if (index < 0) return;
    this.#reveal(index, block);
    this.render();
    if (open) this.#reveal(index, "nearest");
    if (focus) this.#rows.get(index)?.firstChild.focus({preventScroll: true});
  }

  /** The entry so many rows further; -1 at the end. */
  step(by) {
    const index = this.#indexOf(this.#current);
    const next = index < 0 ? this.#firstInSight() : Math.max(0, Math.min(this.#size - 1, index + by));
    return this.#size ? this.#places[next] : -1;
  }

  /** The next entry (by 1 or -1) from the current one for which `holds`; -1 without one. */
  seek(by, holds) {
    const from = this.#indexOf(this.#current);
    for (let index = from < 0 ? (by > 0 ? 0 : this.#size - 1) : from + by; index >= 0 && index < this.#size; index += by) {
      if (holds(this.#places[index])) return this.#places[index];
    }
    return -1;
  }

  /** Brings the rows in sight up to date. */
  render() {
    const [top, bottom] = this.#sight();
    const wanted = new Set();
    for (let index = this.#rowAt(top - BEYOND); index < this.#size && this.#top(index) < bottom + BEYOND; index += 1) wanted.add(index);
    const focused = document.activeElement?.closest?.(".tl-row");
    for (const [index, row] of this.#rows) {
      if (wanted.has(index) || row === focused) continue;
      row.remove();
      this.#rows.delete(index);
    }
    const tabbed = wanted.has(this.#indexOf(this.#current)) ? this.#indexOf(this.#current) : this.#rowAt(top);
    for (const index of wanted) {
      const row = this.#rows.get(index) ?? this.#insert(index);
      row.firstChild.tabIndex = index === tabbed ? 0 : -1;
    }
    this.#measureOpen();
    for (const [index, row] of this.#rows) row.style.top = `${this.#top(index)}px`;
    this.#sizer.parentElement.style.height = `${this.#tops[this.#size] + this.#extra}px`;
    const {time} = this.#page.model;
    this.#page.sighted(time[this.#places[this.#rowAt(top)]], time[this.#places[this.#rowAt(bottom)]]);
  }

  #insert(index) {
    const at = this.#places[index];
    const isCurrent = at === this.#current;
    const row = rowOf(this.#page, at, isCurrent && this.#isOpen);
    row.setAttribute("aria-posinset", index + 1);
    row.setAttribute("aria-setsize", this.#places.length);
    row.classList.toggle("is-current", isCurrent);
    if (isCurrent) row.firstChild.setAttribute("aria-current", "true");
    let after = null;
    for (const [other, held] of this.#rows) if (other > index && (after === null || other < after.index)) after = {index: other, held};
    this.#sizer.insertBefore(row, after?.held ?? null);
    this.#rows.set(index, row);
    return row;
  }

  #drop(index) {
    const row = this.#rows.get(index);
    if (!row) return;
    row.remove();
    this.#rows.delete(index);
  }

  #measureOpen() {
    const index = this.#indexOf(this.#current);
    const row = this.#isOpen ? this.#rows.get(index) : null;
    if (row) this.#extra = row.offsetHeight - (this.#tops[index + 1] - this.#tops[index]);
    else if (!this.#isOpen || index < 0) this.#extra = 0;
  }

  #layOut() {
    const {model} = this.#page;
    this.#heights ??= this.#measure();
    const tops = new Float64Array(this.#places.length + 1);
    let size = 0;
    for (; size < this.#places.length && tops[size] < TALLEST; size += 1) {
      tops[size + 1] = tops[size] + this.#heights[tallness(model, this.#places[size])];
    }
    this.#tops = tops;
    this.#size = size;
    this.#rest.hidden = size === this.#places.length;
    const rest = counted(this.#places.length - size, "entry follows", "entries follow");
    this.#rest.textContent = `A page holds no more rows than this; ${rest}. Narrow the window or the filter to see them.`;
  }

  /** The heights of rows by how tall they are, as the style has them. */
  #measure() {
    const rows = TALL.map((names) => el(["li.tl-row", ...names].join("."), {}, el("span.tl-head", {}, "0")));
    this.#sizer.append(...rows);
    const heights = rows.map((row) => row.offsetHeight || 44);
    for (const row of rows) row.remove();
    return heights;
  }

  /** Where an entry stands among those shown, which are in the order of the model; -1 if it does not. */
  #indexOf(at) {
    if (at < 0) return -1;
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#places[middle] < at) low = middle + 1;
      else high = middle;
    }
    return this.#places[low] === at && low < this.#size ? low : -1;
  }

  #top(index) {
    const open = this.#extra ? this.#indexOf(this.#current) : -1;
    return this.#tops[index] + (open >= 0 && index > open ? this.#extra : 0);
  }

  #rowAt(y) {
    let low = 0;
    let high = Math.max(0, this.#size - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#top(middle) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #firstInSight() {
    return this.#rowAt(this.#sight()[0] + 1);
  }

  /** What can be seen of the list, from its top: cut by its own edges and by those of the screen. */
  #sight() {
    const frame = this.part.getBoundingClientRect();
    const top = this.#sizer.getBoundingClientRect().top;
    return [Math.max(frame.top, 0) - top, Math.min(frame.bottom, innerHeight) - top];
  }

  #reveal(index, block) {
    this.#probe.style.top = `${this.#top(index)}px`;
    this.#probe.style.height = `${this.#rows.get(index)?.offsetHeight ?? this.#heights.at(-1)}px`;
    this.#probe.scrollIntoView({block, inline: "nearest"});
  }

  #clicked(event) {
    const row = event.target.closest(".tl-row");
    if (!row) return;
    const at = Number(row.dataset.at);
    const button = event.target.closest("[data-act]");
    if (button) this.#page.act(button.dataset.act, at);
    else if (event.target.closest(".tl-head")) this.#page.open(at, !(this.#isOpen && at === this.#current));
  }
}
