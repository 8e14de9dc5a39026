// The view in any element: `mount(element, payload)`. It owns that element and nothing else; keys and the address are asked for.

import { eachFrame, el, counted, number, whenQuiet } from "./dom.js";
import { Zone, own } from "./times.js";
import { Model } from "./model.js";
import { busyPart, leadOf } from "./opening.js";
import { FACETS, Filter, inWindow } from "./filter.js";
import { Filtering } from "./filtering.js";
import { Picture } from "./picture.js";
import { act } from "./entry.js";
import { List } from "./list.js";
import { headOf, helpOf, madeAt, paperOf } from "./about.js";

const NARROWEST = 1000;

/** Shows a payload; its `entries` are a list of blocks of columns. `keys` is where single keys are heard (the element itself, or the
    document of a page that is nothing else); with `links` the state stands in the address of the page. Returns the view;
    its `unmount()` empties the element and stops listening. */
export function mount(element, payload, {keys = element, links = false} = {}) {
  return new TimelineView(element, payload, keys, links);
}

class TimelineView {
  #ending = new AbortController();

  constructor(element, payload, keys, links) {
    this.model = new Model(payload);
    this.lead = leadOf(this.model);
    this.filter = new Filter(this.model);
    this.zones = zonesOf(payload.zone);
    this.zone = this.zones[0];
    this.hasLinks = links;
    this.frame = this.model.frame;
    this.home = busyPart(this.model, this.lead) ?? this.frame;
    this.window = [...this.home];
    this.#build(element);
    this.#listen(keys);
    if (links && this.#readAddress()) return;
    this.filtered();
    if (this.lead) this.list.begin(this.lead.at);
  }

  /** Leaves the element empty and hears nothing any more. */
  unmount() {
    this.#ending.abort();
    this.part.replaceChildren();
    this.part.classList.remove("amends-timeline", "is-live");
  }

  /** Says when the view ends; what listens outside of the element stops then. */
  get ends() {
    return this.#ending.signal;
  }

  /** The filter changed. */
  filtered() {
    this.matching = this.filter.matching();
    this.picture.show(this.matching);
    this.#refresh();
  }

  clearFilter() {
    this.filter.clear();
    this.filtered();
    this.filtering.input.focus();
  }

  /** Shows a window of time (microseconds), kept inside of what there is. */
  setWindow([from, to]) {
    const [first, last] = this.model.full ?? this.frame;
    const span = Math.min(Math.max(to - from, NARROWEST), last - first);
    const left = Math.min(Math.max(from, first), last - span);
    this.window = [left, left + span];
    this.#soon();
  }

  /** Makes the window `factor` times as long, around an instant: the selected entry, or the middle. */
  zoom(factor, around = this.#middle()) {
    const [from, to] = this.window;
    this.setWindow([around - (around - from) * factor, around + (to - around) * factor]);
  }

  /** Moves the window by a share of its length. */
  pan(share) {
    const by = (this.window[1] - this.window[0]) * share;
    this.setWindow([this.window[0] + by, this.window[1] + by]);
  }

  /** The whole time; asked again, also what stands far from everything else. */
  whole() {
    const isFrame = this.window[0] === this.model.frame[0] && this.window[1] === this.model.frame[1];
    this.frame = isFrame ? this.model.full ?? this.model.frame : this.model.frame;
    this.setWindow(this.frame);
  }

  undated() {
    this.frame = this.model.full ?? this.model.frame;
    this.window = [...this.frame];
    this.filter.clear();
    this.filtered();
    this.open(this.model.dated, true);
  }

  /** Selects an entry, opened or not; what hides it is put aside. */
  open(at, isOpen, {focus = true, block = "center"} = {}) {
    this.#bringIn(at);
    this.picture.select(at);
    this.list.select(at, {open: isOpen, focus, block: this.list.places.length && at === this.list.current ? "nearest" : block});
    this.#noteAddress();
  }

  sighted(first, last) {
    this.picture.sighted(first, last);
  }

  pick(at) {
    this.open(at, true);
  }

  async act(name, at) {
    this.#writeAddress();
    this.say(await act(name, this.model, at, location.href));
  }

  setZone(name) {
    this.zone = this.zones.find((zone) => zone.name === name) ?? this.zone;
    this.filtering.zone.value = this.zone.name;
    this.#head();
    this.picture.draw();
    this.list.again();
    this.#noteAddress();
  }

  takesWheel(event) {
    return event.ctrlKey || getComputedStyle(this.part).getPropertyValue("--tl-wheel").trim() === "zoom";
  }

  help() {
    this.dialog.showModal();
  }

  /** Tells something: seen for a while, and read out. */
  say(words) {
    this.told.textContent = words;
    this.#hush();
  }

  #hush = whenQuiet(6000, () => { this.told.textContent = ""; });
  #soon = eachFrame(() => this.#refresh());
  #tell = whenQuiet(700, () => {
    this.spoken.textContent = `${number(this.list.places.length)} of ${counted(this.model.size, "entry", "entries")} shown`;
  });
  #noteAddress = whenQuiet(250, () => this.#writeAddress());

  #refresh() {
    const isWhole = this.window[0] <= this.frame[0] && this.window[1] >= this.frame[1];
    const shown = inWindow(this.model, this.matching, this.window, isWhole);
    this.filtering.refresh(shown.length);
    this.picture.draw();
    this.list.show(shown, this.#nothing());
    this.#tell();
    this.#noteAddress();
  }

  /** What an empty list says: why, and what to do. */
  #nothing() {
    if (!this.model.size) return "The sources held no entries. What was wrong with them stands under “sources”.";
    if (!this.matching.length) return "Nothing matches this filter. “Clear” brings everything back.";
    const elsewhere = counted(this.matching.length, "entry matches", "entries match");
    return `Nothing of this window is left; elsewhere ${elsewhere}. “Whole” shows the whole time.`;
  }

  #middle() {
    const [from, to] = this.window;
    const selected = this.list.current < 0 ? NaN : this.model.time[this.list.current];
    return selected >= from && selected <= to ? selected : (from + to) / 2;
  }

  /** Widens window and filter so that an entry is among those shown. */
  #bringIn(at) {
    if (!this.matching.includes(at)) {
      this.filter.clear();
      this.filtered();
      this.say("The filter was cleared to show this entry.");
    }
    const time = this.model.time[at];
    const span = this.window[1] - this.window[0];
    if (Number.isNaN(time)) this.window = [...this.frame];
    else if (time < this.window[0] || time > this.window[1]) this.window = [time - span / 2, time + span / 2];
    else return;
    this.#refresh();
  }

  #build(element) {
    this.part = element;
    element.classList.add("amends-timeline", "is-live");
    this.dialog = helpOf(this.model);
    this.picture = new Picture(this.model, this);
    this.list = new List(this);
    this.filtering = new Filtering(this);
    this.header = el("header.tl-top");
    this.spoken = el("p.tl-sr", {role: "status", "aria-live": "polite"});
    this.told = el("p.tl-told", {role: "status", "aria-live": "polite"});
    this.paper = el("div.tl-paper");
    const {bar, strip, part} = this.picture;
    const frame = el("div.tl-app", {}, this.header, this.filtering.part, bar, strip, part, this.list.part);
    element.replaceChildren(frame, this.told, this.spoken, this.paper, this.dialog);
    this.#head();
  }

  #head() {
    const open = this.header.querySelector("details")?.open ?? false;
    this.header.replaceChildren(...headOf(this));
    this.header.querySelector("details").open = open;
    this.made = madeAt(this);
  }

  #listen(keys) {
    const signal = this.ends;
    keys.addEventListener("keydown", (event) => this.#key(event), {signal});
    if (this.hasLinks) addEventListener("hashchange", () => this.#readAddress(), {signal});
    const print = matchMedia("print");
    const paper = () => this.paper.replaceChildren(...(print.matches ? [el("p", {}, this.made), paperOf(this, this.list.places)] : []));
    print.addEventListener("change", paper, {signal});
    document.addEventListener("pointerdown", (event) => {
      const sources = this.header.querySelector("details");
      if (!sources.contains(event.target)) sources.open = false;
    }, {signal});
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.dialog.open) return;
    const isTyping = event.target.matches?.("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape") return this.#escape();
    if (isTyping) return event.key === "Enter" && event.target === this.filtering.input ? this.#go(this.list.step(0)) : undefined;
    const run = this.#runs(event);
    if (!run) return;
    event.preventDefault();
    run();
  }

  #runs(event) {
    const seek = (by, holds, what) => () => {
      const at = this.list.seek(by, holds);
      if (at < 0) this.say(`No ${by < 0 ? "earlier" : "further"} ${what} in what is shown.`);
      else this.open(at, true);
    };
    const isError = (at) => this.model.isError(at);
    const inPicture = this.picture.part.contains(event.target);
    const runs = {
      j: () => this.#go(this.list.step(1)), k: () => this.#go(this.list.step(-1)),
      n: seek(1, isError, "error"), p: seek(-1, isError, "error"), c: seek(1, (at) => this.model.isChange(at), "change"),
      "/": () => this.filtering.input.select(), "?": () => this.help(),
      "+": () => this.zoom(0.5), "=": () => this.zoom(0.5), "-": () => this.zoom(2), 0: () => this.whole(),
      ...(inPicture ? {ArrowLeft: () => this.pan(-0.2), ArrowRight: () => this.pan(0.2)} : {}),
    };
    if (event.target.closest?.(".tl-list")) Object.assign(runs, {ArrowDown: runs.j, ArrowUp: runs.k});
    const isFree = !event.target.closest?.("button, summary, a") && this.list.current >= 0;
    if (isFree) runs.Enter = () => this.open(this.list.current, !this.list.isOpen, {block: "nearest"});
    return runs[event.key];
  }

  #go(at) {
    if (at >= 0) this.open(at, this.list.isOpen, {block: "nearest"});
  }

  #escape() {
    const sources = this.header.querySelector("details");
    if (this.filtering.close()) return;
    if (sources.open) sources.open = false;
    else if (this.list.isOpen) this.open(this.list.current, false, {block: "nearest"});
    else if (this.filter.isOn) this.clearFilter();
    else this.filtering.input.blur();
  }

  /** The state as the part of the address behind #: only what is not as at the beginning. */
  #writeAddress() {
    if (!this.hasLinks || this.ends.aborted) return;
    const state = new URLSearchParams();
    if (this.window[0] !== this.home[0] || this.window[1] !== this.home[1]) {
      for (const [at, name] of ["from", "to"].entries()) state.set(name, String(Math.round(this.window[at])));
    }
    if (this.filter.query.trim()) state.set("q", this.filter.query);
    for (const [name, chosen] of Object.entries(this.filter.chosen)) {
      for (const value of chosen) state.append(name, FACETS[name].of(this.model)[value]);
    }
    if (this.zone !== this.zones[0]) state.set("zone", this.zone.name);
    if (this.list.current >= 0) state.set(this.list.isOpen ? "open" : "at", this.model.id[this.list.current]);
    const written = state.toString();
    const address = written ? `#${written}` : location.pathname + location.search;
    if (written !== location.hash.slice(1)) history.replaceState(history.state, "", address);
  }

  /** Takes the state from the address; false where none stands there. */
  #readAddress() {
    const state = new URLSearchParams(location.hash.slice(1));
    if (![...state.keys()].length) return false;
    this.filter.query = state.get("q") ?? "";
    for (const [name, facet] of Object.entries(FACETS)) {
      const labels = facet.of(this.model);
      this.filter.chosen[name] = new Set(state.getAll(name).map((label) => labels.indexOf(label)).filter((value) => value >= 0));
    }
    const [from, to] = [Number(state.get("from")), Number(state.get("to"))];
    this.window = state.has("from") && from < to ? [from, to] : [...this.home];
    if (state.has("zone")) this.setZone(state.get("zone"));
    this.filtered();
    const id = state.get("open") ?? state.get("at");
    const at = id === null ? -1 : this.model.find(id);
    if (at >= 0) this.open(at, state.has("open"), {focus: false});
    else if (id !== null) this.say(`The entry ${id} of the address is not on this page.`);
    return true;
  }
}

/** The reader's zone, the one that was assumed, UTC: each once, and only such as the browser knows. */
function zonesOf(assumed) {
  const made = [];
  for (const name of new Set([own(), assumed, "UTC"])) {
    try {
      made.push(new Zone(name));
    } catch {
      continue;
    }
  }
  return made;
}
