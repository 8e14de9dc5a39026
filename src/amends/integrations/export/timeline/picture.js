// The picture: one lane for each source with marks and rates, an axis, and a strip of everything in which the window can be moved.
// What it shows is also in the list, so it is hidden from screen readers but for its names and numbers.

import { counted, el, number, until } from "./dom.js";
import { spanned, lasting } from "./times.js";
import { Model } from "./model.js";
import { AXIS, MARKS, OVERVIEW, RATES, View, ready, ticks } from "./drawing.js";
import { drawAxis, drawGrid, drawMarks, drawOverview, drawRates, drawSpans } from "./drawing.js";
import { pointing } from "./pointing.js";

const COLOURS = ["ink", "quiet", "line", "edge", "accent", "missed", "soon", "kept", "sheet", "rate"];
const REACH = {mouse: 10, touch: 22, pen: 14};
const EDGE = 14;
/** Of the brush; as in the style. */
const BORDER = 4;
const NAME = "Picture by source. Keys: plus, minus, 0, left, right. The list below has the same entries.";

export class Picture {
  #model;
  #page;
  #lanes = [];
  #changes = [];
  #matching = new Uint32Array(0);
  #selected = -1;
  #inSight = [NaN, NaN];
  #palette = null;
  #view = null;

  /** `page` has zone, window, home, frame, ends, setWindow(range), zoom(factor, at), pan(share), pick(at), takesWheel(event). */
  constructor(model, page) {
    this.#model = model;
    this.#page = page;
    this.#build();
    const signal = page.ends;
    until(signal, new ResizeObserver(() => this.draw())).observe(this.lanes);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint(), {signal});
    const themed = until(signal, new MutationObserver(() => this.repaint()));
    themed.observe(document.documentElement, {attributes: true, attributeFilter: ["data-theme"]});
  }

  /** Takes the colours of the page anew and draws. */
  repaint() {
    this.#palette = null;
    this.draw();
  }

  /** The entries that match the filter, whatever the window. */
  show(matching) {
    const model = this.#model;
    this.#matching = matching;
    const sizes = new Uint32Array(model.sources.length);
    const dated = matching.subarray(0, Model.after(model.time, matching, Infinity));
    for (const at of dated) sizes[model.source[at]] += 1;
    const places = Array.from(sizes, (size) => new Uint32Array(size));
    sizes.fill(0);
    for (const at of dated) places[model.source[at]][sizes[model.source[at]]++] = at;
    for (const lane of this.#lanes) lane.places = places[lane.source];
    this.#changes = [...dated.filter((at) => model.isChange(at))].map((at) => model.time[at]);
    const undated = matching.length - dated.length;
    this.undated.hidden = undated === 0;
    this.undated.lastChild.textContent = counted(undated, "entry has no time of its own", "entries have no time of their own");
  }

  select(at) {
    this.#selected = at;
    const source = at < 0 || Number.isNaN(this.#model.time[at]) ? -1 : this.#model.source[at];
    for (const lane of this.#lanes) lane.part.classList.toggle("is-current", lane.source === source);
    this.#bringIn(this.#lanes.find((lane) => lane.source === source));
    this.#place();
  }

  /** Scrolls the lanes, and nothing else, so that one of them is between the axis and the undated. */
  #bringIn(lane) {
    if (!lane) return;
    const frame = this.lanes.parentElement;
    const least = lane.part.offsetTop + lane.part.offsetHeight + this.undated.offsetHeight - frame.clientHeight;
    frame.scrollTop = Math.min(Math.max(frame.scrollTop, least), lane.part.offsetTop - AXIS);
  }

  /** Shows on the axis which part of the window the list has in sight. */
  sighted(first, last) {
    this.#inSight = [first, last];
    this.#place();
  }

  draw() {
    const width = this.plot.clientWidth;
    if (!width) return;
    this.#palette ??= this.#colours();
    const {zone, window} = this.#page;
    this.#view = new View(window, width);
    const marks = ticks(zone, this.#view);
    const changes = this.#changes.filter((micros) => micros >= window[0] && micros <= window[1]);
    drawAxis(ready(this.axis, width, AXIS), this.#view, marks, this.#palette, this.#font());
    for (const lane of this.#lanes) this.#drawLane(lane, marks, changes);
    this.#drawStrip(width);
    this.said.textContent = `${spanned(zone, ...window)} (${this.#long()})`;
    this.#place();
  }

  /** How long the window is; where the page opened on a part, of how much. */
  #long() {
    const {window, home, frame} = this.#page;
    const long = ([from, to]) => lasting(to - from);
    const isPart = window.every((micros, at) => micros === home[at]) && home.some((micros, at) => micros !== frame[at]);
    return isPart ? `${long(window)} of ${long(frame)}; Whole shows all` : long(window);
  }

  #drawLane(lane, marks, changes) {
    const view = this.#view;
    const height = MARKS + (lane.series ? RATES : 0) + 4;
    const context = ready(lane.canvas, view.width, height);
    drawGrid(context, view, height, marks, changes, this.#palette);
    const peak = lane.series ? drawRates(context, lane.series, view, this.#palette, MARKS + 2) : 0;
    if (lane.spans) drawSpans(context, lane.spans, view, this.#palette);
    drawMarks(context, this.#model, lane.places, view, this.#palette);
    const inside = Model.after(this.#model.time, lane.places, view.to + 1) - Model.after(this.#model.time, lane.places, view.from);
    const rate = peak ? ` · peak ${number(peak < 10 ? Math.round(peak * 10) / 10 : Math.round(peak))}/min` : "";
    lane.small.textContent = `${lane.about}${number(inside)} shown${rate}`;
    lane.part.classList.toggle("is-bare", inside === 0);
  }

  #drawStrip(width) {
    const {frame, window} = this.#page;
    const whole = new View(frame, width);
    drawOverview(ready(this.overview, width, OVERVIEW), this.#model, this.#matching, whole, this.#palette);
    const left = Math.max(0, Math.min(whole.x(window[0]), width - BORDER));
    const right = Math.min(width, Math.max(whole.x(window[1]), left + BORDER));
    this.brush.style.left = `${left}px`;
    this.brush.style.width = `${right - left}px`;
    this.brush.classList.toggle("is-narrow", right - left < 4 * BORDER);
    this.strip.classList.toggle("is-whole", right - left > width - 2);
  }

  /** Puts the line of the selected entry, and what is in sight, where they belong. */
  #place() {
    if (!this.#view) return;
    const [left, right] = this.#inSight.map((micros) => Math.max(0, Math.min(this.#view.x(micros), this.#view.width)));
    this.sight.hidden = !(right >= left);
    this.sight.style.left = `${left}px`;
    this.sight.style.width = `${Math.max(3, right - left)}px`;
    const micros = this.#selected < 0 ? NaN : this.#model.time[this.#selected];
    const x = this.#view.x(micros);
    this.here.hidden = !(x >= 0 && x <= this.#view.width);
    this.here.style.left = this.ring.style.left = `${x}px`;
    const lane = this.#lanes.find(({part}) => part.classList.contains("is-current"));
    this.ring.hidden = this.here.hidden || !lane;
    if (!this.ring.hidden) this.ring.style.top = `${lane.canvas.getBoundingClientRect().top - this.plot.getBoundingClientRect().top}px`;
  }

  #build() {
    const page = this.#page;
    const button = (label, title, run, name = "") =>
      el(`button.tl-button${name}`, {type: "button", title, "aria-label": title, onclick: run}, label);
    this.said = el("p.tl-window");
    this.bar = el("div.tl-picture-bar", {}, this.said, el("div.tl-zoom", {role: "group", "aria-label": "Window of time"},
      button("◂", "Earlier", () => page.pan(-0.5), ".tl-pan"), button("−", "Zoom out", () => page.zoom(2)),
      button("+", "Zoom in", () => page.zoom(0.5)), button("▸", "Later", () => page.pan(0.5), ".tl-pan"),
      button("Whole", "The whole time", () => page.whole())));
    this.overview = el("canvas", {"aria-hidden": "true"});
    this.brush = el("div.tl-brush");
    this.strip = el("div.tl-strip", {}, el("div.tl-strip-plot", {}, this.overview, this.brush));
    this.axis = el("canvas", {"aria-hidden": "true"});
    this.#lanes = this.#laneOrder().map((source) => this.#lane(source));
    const hidden = (name) => el(`div.tl-${name}`, {hidden: true});
    [this.here, this.ring, this.cross, this.band, this.sight] = ["here", "ring", "cross", "band", "sight"].map(hidden);
    this.plot = el("div.tl-plot", {}, this.band, this.cross, this.here, this.ring);
    const toUndated = el("button.tl-undated", {type: "button", onclick: () => page.undated()});
    this.undated = el("div.tl-lane.tl-lane-undated", {}, el("div.tl-lane-name", {}, el("span", {}, "Undated")), toUndated);
    const axis = el("div.tl-axis", {}, el("div.tl-axis-plot", {}, this.axis, this.sight));
    this.lanes = el("div.tl-lanes", {}, axis, ...this.#lanes.map((lane) => lane.part), this.undated, this.plot);
    this.tip = el("div.tl-tip", {hidden: true, "aria-hidden": "true"});
    const frame = el("div.tl-lanes-frame", {tabIndex: 0, role: "group", "aria-label": NAME}, this.lanes);
    this.part = el("div.tl-picture", {}, frame, this.tip);
    this.#listen();
  }

  /** Promises first, then what tells of events (deploys, alerts, talk), then logs, most errors first; only sources with entries. */
  #laneOrder() {
    const model = this.#model;
    const used = new Set(model.source.subarray(0, model.dated));
    const rank = (source) => (source === model.told ? 0 : model.head.rates.some((one) => one.source === source) ? 2 : 1);
    const errors = new Float64Array(model.sources.length);
    for (let at = 0; at < model.dated; at += 1) if (model.isError(at)) errors[model.source[at]] += model.count[at];
    const order = (one, other) => rank(one) - rank(other) || (rank(one) === 2 ? errors[other] - errors[one] : 0) || one - other;
    return [...model.sources.keys()].filter((source) => used.has(source)).sort(order);
  }

  #lane(source) {
    const model = this.#model;
    const canvas = el("canvas", {"aria-hidden": "true"});
    const small = el("small");
    const name = el("div.tl-lane-name", {title: model.sources[source]}, el("span", {}, model.short[source]), small);
    const part = el("div.tl-lane", {}, name, canvas);
    const series = model.head.rates.find((one) => one.source === source && one.all.length) ?? null;
    const kinds = model.kinds.filter((_, bit) => model.kindsOf[source] & (1 << bit));
    const about = series ? "" : `${kinds.slice(0, 2).join(", ")} · `;
    return {source, canvas, small, part, series, about, places: new Uint32Array(0), spans: source === model.told ? model.spans : null};
  }

  #listen() {
    const page = this.#page;
    pointing(this.plot, {
      point: (x, y) => this.#point(x, y),
      pick: (x, y, pointer) => this.#pick(x, y, pointer),
      drag: (from, to, done) => this.#drag(from, to, done),
      pan: (pixels) => page.pan(-pixels / this.#view.width),
      zoom: (factor, x) => page.zoom(factor, this.#view.micros(x)),
      takesWheel: (event) => page.takesWheel(event),
    });
    this.#listenStrip();
  }

  #drag(from, to, done) {
    const [left, right] = [Math.max(0, Math.min(from, to)), Math.min(this.#view.width, Math.max(from, to))];
    this.band.hidden = done;
    this.band.style.left = `${left}px`;
    this.band.style.width = `${right - left}px`;
    if (done && right - left > 4) this.#page.setWindow([this.#view.micros(left), this.#view.micros(right)]);
  }

  /** In the strip one takes the window by its ends or by its middle, or draws a new one. */
  #listenStrip() {
    let held = null;
    const at = (event) => event.clientX - this.overview.getBoundingClientRect().left;
    const whole = () => new View(this.#page.frame, this.plot.clientWidth);
    const plot = this.overview.parentElement;
    plot.addEventListener("pointerdown", (event) => {
      plot.setPointerCapture(event.pointerId);
      const x = at(event);
      const window = [...this.#page.window];
      const [left, right] = window.map((micros) => whole().x(micros));
      const near = [Math.abs(x - left), Math.abs(x - right)];
      const isAll = this.strip.classList.contains("is-whole");
      const how = isAll ? "new" : Math.min(...near) < EDGE ? (near[0] < near[1] ? "from" : "to") : x > left && x < right ? "all" : "new";
      held = {how, x, window};
    });
    plot.addEventListener("pointermove", (event) => {
      if (!held || Math.abs(at(event) - held.x) < 4) return;
      const by = whole().micros(at(event)) - whole().micros(held.x);
      const [from, to] = held.window;
      if (held.how === "all") this.#page.setWindow([from + by, to + by]);
      else if (held.how === "from") this.#page.setWindow([Math.min(from + by, to), to]);
      else if (held.how === "to") this.#page.setWindow([from, Math.max(to + by, from)]);
      else this.#page.setWindow([held.x, at(event)].sort((one, other) => one - other).map((x) => whole().micros(x)));
    });
    for (const name of ["pointerup", "pointercancel"]) plot.addEventListener(name, () => { held = null; });
  }

  /** The entry under a place: near in x, in the lane at y; a graver one wins over one that is a little nearer. */
  #entryAt(x, y, reach) {
    const model = this.#model;
    const top = this.plot.offsetTop;
    const lane = this.#lanes.find(({part}) => part.offsetTop - top <= y && y < part.offsetTop - top + part.offsetHeight);
    if (!lane) return -1;
    let best = -1;
    let least = Infinity;
    const last = Model.after(model.time, lane.places, this.#view.micros(x + reach));
    for (let near = Model.after(model.time, lane.places, this.#view.micros(x - reach)); near < last; near += 1) {
      const at = lane.places[near];
      const far = Math.abs(this.#view.x(model.time[at]) - x) - model.level[at] * 0.7;
      if (far < least) [best, least] = [at, far];
    }
    return best;
  }

  #pick(x, y, pointer) {
    const at = this.#entryAt(x, y, REACH[pointer] ?? REACH.mouse);
    if (at >= 0) this.#page.pick(at);
  }

  #point(x, y) {
    this.cross.hidden = this.tip.hidden = x === null || !this.#view;
    if (this.cross.hidden) return;
    this.cross.style.left = `${x}px`;
    const at = this.#entryAt(x, y, REACH.mouse);
    const told = this.#page.zone.tell(at < 0 ? Math.round(this.#view.micros(x)) : this.#model.time[at]);
    const level = at < 0 ? 0 : this.#model.level[at];
    const words = at < 0 ? "" : ` · ${level ? `${this.#model.levels[level]} · ` : ""}${this.#model.text[at].slice(0, 160)}`;
    this.plot.style.cursor = at < 0 ? "" : "pointer";
    this.tip.textContent = `${at < 0 ? told.second : told.clock} ${told.zone}${words}`;
    this.tip.classList.toggle("is-right", x > this.#view.width / 2);
  }

  /** Tokens as colours that a canvas understands. */
  #colours() {
    const probe = el("span");
    this.part.append(probe);
    const found = Object.fromEntries(COLOURS.map((name) => {
      probe.style.color = `var(--${name === "rate" ? "tl-rate" : name})`;
      return [name, getComputedStyle(probe).color];
    }));
    probe.remove();
    return found;
  }

  #font() {
    const style = getComputedStyle(this.part);
    return `${parseFloat(style.fontSize) * 0.85}px ${style.fontFamily}`;
  }
}
