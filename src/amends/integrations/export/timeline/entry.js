// One entry in words: a row of the list, and all that is known of it when it is opened.

import { copied, counted, el, number } from "./dom.js";
import { lasting } from "./times.js";
import { icon, tone } from "./shapes.js";

const FLAGS = {
  year_inferred: "the year is not in the source; it was inferred", date_inferred: "the date is not in the source; it was inferred",
  zone_assumed: "no zone is stated; one was assumed", skew_applied: "moved by the estimated difference of clocks",
  continuation: "belongs to the entry above it", unparsed: "no known format; kept as it stands", out_of_order: "out of order in its source",
  edited: "edited later",
};
const REASONS = {
  "first-seen": "a kind of line that had not been seen before", burst: "many of a kind in a short time",
  "rate-change": "the rate of its kind changed",
  change: "something was changed", "after-change": "began after a change (a candidate, not a cause)", alert: "an alert",
  human: "said by a person", silence: "a rhythm stopped",
};

const named = (names, bits) => names.filter((_, bit) => bits & (1 << bit));

/** The row of an entry; `page` has model, zone, window. What can be done with it is found by the classes `tl-head` and `data-act`. */
export function rowOf(page, at, isOpen) {
  const {model} = page;
  const parts = [timeOf(page, at), levelOf(model, at), whatOf(page, at), sourceOf(model, at)];
  const head = el("button.tl-head", {type: "button", "aria-expanded": String(isOpen)}, ...parts);
  const row = el(`li.tl-row.tl-tone-${tone(model.level[at])}`, {}, head);
  row.dataset.at = at;
  if (isOpen) row.append(detailOf(page, at));
  row.classList.add(...TALL[tallness(model, at)]);
  return row;
}

/** Classes of rows by how tall they are. */
export const TALL = [[], ["is-tall"], ["is-tall", "is-taller"]];

/** How many lines a row has below its text: why it is here takes one, and where more is to be said about that, two. */
export function tallness(model, at) {
  if (model.because[at] && model.because[at].length > 1) return 2;
  return model.why[at] !== 0 || model.count[at] > 1 || model.because[at] !== 0 ? 1 : 0;
}

/** A clock that seems off, as said of it: "39.7 s ahead". */
export const offBy = ({seconds}) => `${number(Math.round(Math.abs(seconds) * 10) / 10)} s ${seconds > 0 ? "ahead" : "behind"}`;

const seemsOff = (skew) => `this source's clock seems ${offBy(skew)}`;

function sourceOf(model, at) {
  const where = el("span.tl-where", {title: model.sources[model.source[at]]}, whereOf(model, at));
  const skew = model.skew(at);
  if (!skew) return el("span.tl-source", {}, where);
  const words = el("span", {}, `clock ${offBy(skew)}`);
  return el("span.tl-source", {}, where, el("span.tl-skew", {title: seemsOff(skew)}, icon("clock", 0), words));
}

function timeOf({model, zone, window}, at) {
  const micros = model.time[at];
  if (Number.isNaN(micros)) return el("span.tl-time", {}, el("b", {}, "no time"), el("small", {}, model.time_text[at] || "of its own"));
  const told = zone.tell(micros);
  const day = `${told.short} ${told.zone}${micros < window[0] ? ", earlier" : ""}`;
  return el("span.tl-time", {title: writtenAs(model, at)}, el("b", {}, told.clock), el("small", {}, day));
}

function levelOf(model, at) {
  const kind = model.kinds[model.kind[at]];
  const level = model.levels[model.level[at]];
  return el("span.tl-level", {}, icon(kind, model.level[at]), el("span", {}, level ?? kind), level ? el("small", {}, kind) : null);
}

function whatOf(page, at) {
  const {model} = page;
  const actor = model.actor[at] ? el("b", {}, `${model.actor[at]} `) : null;
  const edited = model.hasFlag(at, "edited") ? el("small.tl-edited", {}, "edited later ") : null;
  const text = el("span.tl-text", {}, actor, edited, model.text[at]);
  if (!tallness(model, at)) return el("span.tl-what", {}, text);
  const repeats = model.count[at] > 1 ? el("span.tl-count", {}, repeated(page, at)) : null;
  const chips = named(model.reasons, model.why[at]).map((name) => el(`span.tl-chip.tl-chip-${name}`, {}, name.replace("-", " ")));
  const because = model.because[at] ? el("span.tl-because", {}, model.because[at].join("; ")) : null;
  return el("span.tl-what", {}, text, el("span.tl-second", {}, repeats, ...chips, because));
}

const repeated = ({model, zone}, at) => {
  const until = Number.isNaN(model.last[at]) ? "" : ` until ${zone.tell(model.last[at]).second}`;
  return `×${number(model.count[at])}${until}`;
};

/** Source and line, as short as they can be told apart. */
export function whereOf(model, at) {
  const line = model.source[at] === model.told ? "" : `:${model.line[at]}`;
  return `${model.short[model.source[at]]}${line}`;
}

const zoneOf = (model, at) => model.zone[at] || model.head.sources[model.source[at]]?.zone || "stated";

function writtenAs(model, at) {
  const zone = zoneOf(model, at);
  const how = zone.startsWith("assumed:") ? `zone assumed: ${zone.slice(8)}` : zone === "utc" ? "in UTC" : "zone stated";
  return `written “${model.time_text[at]}”, ${how}`;
}

function detailOf(page, at) {
  const {model} = page;
  const facts = [...timeFacts(page, at), ...whyFacts(model, at), ...placeFacts(model, at)];
  const acts = model.source[at] === model.told ? [] : [["citation", "Copy citation"], ["command", "Copy command"]];
  if (page.hasLinks) acts.push(["link", "Copy link"]);
  return el("div.tl-detail", {},
    el("p.tl-full", {}, model.text[at]),
    el("div.tl-acts", {}, ...acts.map(([name, words]) => el("button.tl-button", {type: "button", "data-act": name}, words))),
    el("dl", {}, ...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])));
}

function timeFacts(page, at) {
  const {model, zones} = page;
  if (Number.isNaN(model.time[at])) return [["Time", "none of its own, and nothing above it has one"]];
  const facts = [["Time", zones.map((zone) => zone.full(model.time[at])).join(" · ")], ["Original", writtenAs(model, at)]];
  if (model.count[at] > 1) facts.push(["Repeats", `${repeated(page, at)}, over ${lasting(model.end(at) - model.time[at])}`]);
  const flags = named(model.head.flags, model.flags[at]).map((name) => FLAGS[name] ?? name.replaceAll("_", " "));
  const skew = model.skew(at);
  if (skew) flags.push(`${seemsOff(skew)} (compared with ${model.short[skew.against]}); the time is shown as written`);
  if (flags.length) facts.push(["To know", flags.join("; ")]);
  return facts;
}

function whyFacts(model, at) {
  const why = named(model.reasons, model.why[at]).map((name) => REASONS[name] ?? name);
  const because = model.because[at] || [];
  const lines = because.map((words) => el("span.tl-line", {}, words));
  return [...(why.length ? [["Why it is here", why.join("; ")]] : []), ...(lines.length ? [["Because", el("span", {}, ...lines)]] : [])];
}

function placeFacts(model, at) {
  if (model.source[at] === model.told) return [["Id", model.id[at]]];
  return [["Source", model.sources[model.source[at]]], ["Place", placeOf(model, at)], ["Entry", model.id[at]]];
}

function placeOf(model, at) {
  const where = `line ${number(model.line[at])}, byte ${number(model.offset[at])}, ${counted(model.length[at], "byte")} long`;
  return `${where}, sha256 ${model.head.sources[model.source[at]].sha256.slice(0, 16)}…`;
}

/** How an entry is cited in a text. */
export function citation(model, at) {
  const source = model.head.sources[model.source[at]];
  const place = `byte ${model.offset[at]}, ${model.length[at]} bytes, sha256 ${source.sha256}, entry ${model.id[at]}`;
  return `${source.name}:${model.line[at]} (${place})`;
}

/** The command that prints the bytes of an entry: what is inside an archive is found through the archive. Safe to paste into a shell. */
export function command(model, at) {
  const name = model.sources[model.source[at]].split("!/")[0].replace(/\p{Cc}/gu, "?");
  const quoted = /^[\w@%+=:,./-]+$/.test(name) && !name.startsWith("-") ? name : `'${name.replaceAll("'", "'\\''")}'`;
  return `amends timeline show ${model.id[at]} ${quoted}`;
}

/** Does what a button of an entry says; resolves to what is to be told. */
export async function act(name, model, at, address) {
  const text = {citation: () => citation(model, at), command: () => command(model, at), link: () => address}[name]();
  return (await copied(text)) ? `Copied: ${text}` : `This browser does not let the page copy. By hand: ${text}`;
}
