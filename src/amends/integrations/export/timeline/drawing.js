// What is drawn on the canvases: marks and rates of a lane, the axis of time, the overview. Numbers in; nothing here knows the page.

import { DAY, HOUR, MINUTE, SECOND } from "./times.js";
import { CRITICAL, ERROR, WARNING, shape, tone } from "./shapes.js";
import { Model } from "./model.js";

/** Heights in pixels: of the marks of a lane, of its rates, of the axis, of the overview. */
export const MARKS = 24;
export const RATES = 20;
export const AXIS = 24;
export const OVERVIEW = 40;

const LINE_STEP = 3;
const SHAPE_STEP = 9;
const SHAPE = 11;
const LABEL_ROOM = 84;
const CHANGES = 40;
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((size) => size * 1000), ...[1, 2, 5, 10, 15, 30].map((size) => size * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((size) => size * MINUTE), ...[1, 2, 3, 6, 12].map((size) => size * HOUR),
  ...[1, 2, 7, 14, 30, 91, 365, 3650, 36500].map((size) => size * DAY),
];

/** What an axis writes at steps of at least such a size. */
const DIGITS = [[300 * DAY, "date"], [DAY, "short"], [MINUTE, "minute"], [SECOND, "second"], [0, "clock"]];

/** A window of time on so many pixels. */
export class View {
  constructor([from, to], width) {
    Object.assign(this, {from, to, width, scale: width / (to - from)});
  }

  x(micros) {
    return (micros - this.from) * this.scale;
  }

  micros(x) {
    return this.from + x / this.scale;
  }
}

/** A canvas cleared and ready to be drawn on in CSS pixels. */
export function ready(canvas, width, height) {
  const dense = globalThis.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * dense) || canvas.height !== Math.round(height * dense)) {
    canvas.width = Math.round(width * dense);
    canvas.height = Math.round(height * dense);
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(dense, 0, 0, dense, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** The instants and labels that an axis shows. */
export function ticks(zone, view) {
  const step = STEPS.find((size) => size * view.scale >= LABEL_ROOM) ?? STEPS.at(-1);
  const made = [];
  let day = null;
  for (let local = Math.ceil((view.from + zone.at(view.from).shift) / step) * step; made.length < 200; local += step) {
    const micros = local - zone.at(local - zone.at(local).shift).shift;
    if (micros > view.to) break;
    const told = zone.tell(micros);
    const [, digits] = DIGITS.find(([size]) => step >= size);
    const label = told[digits];
    made.push({micros, label: told.date !== day && step < DAY ? `${told.short} ${label}` : label});
    day = told.date;
  }
  return made;
}

export function drawAxis(context, view, marks, palette, font) {
  context.font = font;
  context.textBaseline = "middle";
  let free = 0;
  for (const {micros, label} of marks) {
    const x = view.x(micros);
    context.fillStyle = palette.edge;
    context.fillRect(Math.round(x), AXIS - 5, 1, 5);
    const width = context.measureText(label).width;
    const left = Math.min(Math.max(x - width / 2, 0), view.width - width);
    if (left < free) continue;
    context.fillStyle = palette.quiet;
    context.fillText(label, left, AXIS / 2 - 2);
    free = left + width + 10;
  }
}

/** Faint lines at the marks of the axis, and dashed ones where something changed, unless there are too many to mean anything. */
export function drawGrid(context, view, height, marks, changes, palette) {
  context.fillStyle = palette.line;
  for (const {micros} of marks) context.fillRect(Math.round(view.x(micros)), 0, 1, height);
  if (changes.length > CHANGES) return;
  context.strokeStyle = palette.accent;
  context.setLineDash([3, 3]);
  context.globalAlpha = 0.7;
  for (const micros of changes) {
    const x = Math.round(view.x(micros)) + 0.5;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** The marks of a lane: lines of logs by level, other kinds by shape; of those that would hide each other, the gravest. */
export function drawMarks(context, model, places, view, palette) {
  const first = Model.after(model.time, places, view.from);
  const last = Model.after(model.time, places, view.to + 1);
  drawRuns(context, model, places, last, view, palette);
  const lines = new Int32Array(Math.ceil(view.width / LINE_STEP) + 1).fill(-1);
  const shapes = new Int32Array(Math.ceil(view.width / SHAPE_STEP) + 1).fill(-1);
  const log = model.kinds.indexOf("log");
  for (let near = first; near < last; near += 1) {
    const at = places[near];
    const isLine = model.kind[at] === log;
    const [column, step] = isLine ? [lines, LINE_STEP] : [shapes, SHAPE_STEP];
    const place = Math.floor(view.x(model.time[at]) / step);
    if (column[place] < 0 || model.level[column[place]] < model.level[at]) column[place] = at;
  }
  for (const at of lines) if (at >= 0) drawLine(context, view.x(model.time[at]), model.level[at], palette);
  for (const at of shapes) if (at >= 0) drawShape(context, view.x(model.time[at]), model, at, palette);
}

/** Repeats as bars from the first to the last. */
function drawRuns(context, model, places, last, view, palette) {
  context.globalAlpha = 0.45;
  for (let near = 0; near < last; near += 1) {
    const at = places[near];
    if (!(model.last[at] >= view.from)) continue;
    const left = Math.max(view.x(model.time[at]), 0);
    const right = Math.min(view.x(model.last[at]), view.width);
    if (right - left < LINE_STEP) continue;
    context.fillStyle = palette[tone(model.level[at])];
    context.fillRect(left, MARKS - 5, right - left, 4);
  }
  context.globalAlpha = 1;
}

/** A line of a log: the graver, the taller; from warning on with a head of its own (wedge, block, double block). */
function drawLine(context, x, level, palette) {
  const height = level >= ERROR ? 20 : level === WARNING ? 14 : 7;
  context.fillStyle = palette[tone(level)];
  context.fillRect(x - 0.75, MARKS - 1 - height, 1.5, height);
  if (level === WARNING) {
    context.beginPath();
    context.moveTo(x, MARKS - 3 - height);
    context.lineTo(x + 3, MARKS + 3 - height);
    context.lineTo(x - 3, MARKS + 3 - height);
    context.fill();
  }
  if (level >= ERROR) context.fillRect(x - 2.5, MARKS - 1 - height, 5, 5);
  if (level >= CRITICAL) context.fillRect(x - 2.5, MARKS + 6 - height, 5, 4);
}

function drawShape(context, x, model, at, palette) {
  const form = shape(model.kinds[model.kind[at]]);
  const level = model.level[at];
  context.save();
  context.translate(x - SHAPE / 2, (MARKS - SHAPE) / 2);
  context.scale(SHAPE / 10, SHAPE / 10);
  context.lineWidth = 2.5;
  context.strokeStyle = palette.sheet;
  context.stroke(form);
  context.fillStyle = level >= WARNING ? palette[tone(level)] : model.isChange(at) ? palette.accent : palette.quiet;
  context.fill(form);
  context.restore();
}

/** Lines from where promises were made to when they were due. */
export function drawSpans(context, spans, view, palette) {
  for (const {from, to, missed} of spans) {
    if (from === null || to === null || to < view.from || from > view.to) continue;
    context.fillStyle = missed ? palette.missed : palette.edge;
    const left = Math.max(view.x(from), 0);
    context.fillRect(left, MARKS - 3, Math.min(view.x(to), view.width) - left, 2);
    context.fillRect(view.x(to) - 1, MARKS - 9, 2, 8);
  }
}

/** The plot of rates under the marks; returns the peak of the window in entries a minute. All is an area, what is serious stands in it. */
export function drawRates(context, series, view, palette, top) {
  const columns = Math.ceil(view.width);
  const all = new Float64Array(columns);
  const serious = new Float64Array(columns);
  const first = Math.max(0, Math.floor((view.from / MINUTE - series.start) / series.step));
  const end = Math.min(series.all.length, Math.ceil((view.to / MINUTE - series.start) / series.step));
  let peak = 0;
  for (let bin = first; bin < end; bin += 1) {
    const left = view.x((series.start + bin * series.step) * MINUTE);
    const right = Math.max(view.x((series.start + (bin + 1) * series.step) * MINUTE), left + 1);
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(columns, right); x += 1) {
      all[x] = Math.max(all[x], series.all[bin]);
      serious[x] = Math.max(serious[x], series.serious[bin]);
    }
    peak = Math.max(peak, series.all[bin]);
  }
  const bars = (values, colour, least) => {
    context.fillStyle = colour;
    values.forEach((value, x) => {
      if (!value) return;
      const height = Math.max(least, (value / peak) * (RATES - 2));
      context.fillRect(x, top + RATES - height, 1, height);
    });
  };
  bars(all, palette.rate, 1);
  bars(serious, palette.missed, 2);
  return peak / series.step;
}

/** Everything in one strip: how many entries (its root, so that few can be seen beside many), the serious ones in their colour. */
export function drawOverview(context, model, places, view, palette) {
  const columns = Math.ceil(view.width / 2) + 1;
  const all = new Float64Array(columns);
  const serious = new Float64Array(columns);
  const last = Model.after(model.time, places, view.to + 1);
  for (let near = Model.after(model.time, places, view.from); near < last; near += 1) {
    const at = places[near];
    const column = Math.floor(view.x(model.time[at]) / 2);
    all[column] += model.count[at];
    if (model.isError(at)) serious[column] += model.count[at];
  }
  const most = Math.sqrt(all.reduce((one, other) => Math.max(one, other), 1));
  for (const [values, colour] of [[all, palette.edge], [serious, palette.missed]]) {
    context.fillStyle = colour;
    values.forEach((value, column) => {
      const height = value ? Math.max(2, (Math.sqrt(value) / most) * (OVERVIEW - 4)) : 0;
      context.fillRect(column * 2, OVERVIEW - height, 2, height);
    });
  }
}
