// What stands around the entries: what this is, where to look first, the sources and what was wrong with them, help, and paper.

import { counted, el, number } from "./dom.js";
import { HOUR, microsOf, spanned } from "./times.js";
import { icon } from "./shapes.js";

const PAPER = 200;

/** Where to look first: the first error after a change, or of a kind not seen before, or at all; null without errors. */
export function leadOf(model) {
  const bit = (name) => 1 << model.reasons.indexOf(name);
  const errors = [];
  for (let at = 0; at < model.dated; at += 1) if (model.isError(at) && model.source[at] !== model.told) errors.push(at);
  const after = errors.find((at) => model.why[at] & bit("after-change"));
  const sudden = errors.find((at) => model.why[at] & (bit("burst") | bit("rate-change")));
  const at = after ?? sudden ?? errors[0];
  if (at === undefined) return null;
  const before = [];
  for (let other = at - 1; other >= 0 && model.time[other] >= model.time[at] - HOUR; other -= 1) if (model.isChange(other)) before.push(other);
  const what = after !== undefined ? "First error after a change" : sudden !== undefined && sudden !== errors[0] ? "First errors in numbers" : "First error";
  return {at, what, earlier: errors.indexOf(at), changes: before};
}

/** The head of the page. `page` has model, zone, open(at). */
export function headOf(page) {
  const {model} = page;
  const {head} = model;
  const when = model.dated ? spanned(page.zone, model.time[0], model.full[1]) : "no entry has a time";
  const what = head.all ? counted(model.real, "entry", "entries") : `${counted(model.real, "entry", "entries")} kept of ${number(head.sources.reduce((sum, one) => sum + one.entries, 0))}`;
  const assumed = head.sources.some((one) => one.zone?.startsWith("assumed")) ? ` Where no zone is stated, ${head.zone} is assumed.` : "";
  return [el("div.tl-named", {}, el("h1", {}, head.title), el("p", {}, `${when}. ${what}.${assumed}`)), sourcesOf(page), el("p.tl-first", {}, ...leadWords(page))];
}

function leadWords(page) {
  const {model, zone} = page;
  const lead = leadOf(model);
  if (!lead) return [model.real ? "No entry says that it is an error." : "There are no entries."];
  const jump = (at, words) => el("a.tl-link", {href: `#${new URLSearchParams({open: model.id[at]})}`, onclick: (event) => {
    event.preventDefault();
    page.open(at, true);
  }}, words);
  const words = [`${lead.what}: `, jump(lead.at, `${zone.tell(model.time[lead.at]).second} ${zone.tell(model.time[lead.at]).zone} in ${model.short[model.source[lead.at]]}`)];
  if (lead.earlier) words.push(` (${counted(lead.earlier, "error")} before it)`);
  if (!lead.changes.length) return [...words, "; no change in the hour before."];
  const last = lead.changes[0];
  return [...words, `; ${counted(lead.changes.length, "change")} in the hour before, `, lead.changes.length > 1 ? "the last " : "",
    jump(last, `${zone.tell(model.time[last]).second} in ${model.short[model.source[last]]}`), "."];
}

/** The sources with what is to be known of them, folded. */
export function sourcesOf(page) {
  const {head} = page.model;
  const wrong = head.problems.length + head.sources.reduce((sum, one) => sum + one.problems.length, 0);
  const skewed = head.sources.filter((one) => one.skew.length).length;
  const told = [counted(head.sources.length, "source"), wrong ? counted(wrong, "problem") : null, skewed ? `${counted(skewed, "clock")} may differ` : null];
  const rows = head.sources.map((source) => sourceRow(page, source));
  const heads = ["Source", "Entries", "From, to", "Zone", "To know"].map((name) => el("th", {scope: "col"}, name));
  return el("details.tl-sources", {}, el("summary.tl-button", {}, told.filter(Boolean).join(" · ")),
    el("div.tl-panel", {tabIndex: 0, role: "region", "aria-label": "Sources"},
      el("table.tl-table", {}, el("caption.tl-sr", {}, "Sources"), el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows)),
      head.problems.length ? el("p.tl-quiet", {}, "What could not be read:") : null,
      head.problems.length ? el("ul.tl-problems", {}, ...head.problems.map(({source, message}) => el("li", {}, el("b", {}, source), ` ${message}`))) : null));
}

function sourceRow({model, zone}, source) {
  const when = source.first === null ? "no times" : spanned(zone, source.first, source.last);
  const notes = [...source.problems, ...source.skew.map((skew) => skewWords(model, skew))];
  const counts = `${counted(source.entries, "entry", "entries")}${source.undated ? `, ${number(source.undated)} without a time` : ""}`;
  return el("tr", {}, el("th", {scope: "row", title: `sha256 ${source.sha256}`}, source.name,
    el("small", {}, ` ${[source.reader, ...source.formats].join(", ")}; ${counted(source.size, "byte")}; sha256 ${source.sha256.slice(0, 12)}…`)),
    el("td", {}, counts), el("td", {}, when), el("td", {}, source.zone?.replace("assumed:", "assumed: ") ?? ""), el("td", {}, ...notes.map((note) => el("span.tl-line", {}, note))));
}

/** A clock that seems off, as an estimate: times are shown as they were written. */
function skewWords(model, {against, seconds, spread, anchors}) {
  const how = seconds > 0 ? "ahead of" : "behind";
  return `Its clock seems ${Math.abs(seconds)} s ${how} that of ${model.short[against]} (± ${spread} s, from ${counted(anchors, "shared event")}). Its times are shown as written.`;
}

const KEYS = [
  ["j, k", "next, previous entry"], ["Enter", "open or close it"], ["n, p", "next, previous error"], ["c", "next change"], ["/", "filter"], ["+ − 0", "zoom in, zoom out, the whole time"],
  ["← →", "earlier, later (with the picture in focus)"], ["Esc", "close, then clear the filter"], ["?", "this help"],
];

/** Keys and marks. */
export function helpOf(model) {
  const keys = KEYS.flatMap(([key, words]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, words)]);
  const levels = [[6, "error, critical"], [5, "warning"], [0, "all below, and what states no level"]].map(([level, words]) => el("li", {}, icon("log", level), words));
  const kinds = model.kinds.filter((kind) => kind !== "log").map((kind) => el("li", {}, icon(kind, 0), kind));
  const close = el("button.tl-button", {type: "button", onclick: (event) => event.target.closest("dialog").close()}, "Close");
  return el("dialog.tl-help", {"aria-label": "Help: keys and marks"}, el("h2", {}, "Keys"), el("dl", {}, ...keys),
    el("h2", {}, "Marks"), el("ul", {}, ...levels, ...kinds),
    el("p.tl-quiet", {}, "In the picture: drag over a stretch to see it alone, shift and drag to move, wheel or two fingers to zoom. Under the marks stands how much was logged, with the errors in it. Dashed lines are changes."),
    el("p.tl-quiet", {}, "Words in the filter must all be there: -word leaves out, \"two words\" stay together. The address of the page holds window, filter and entry: copy it to show somebody this view."), close);
}

/** The first of the shown entries as a table: what goes on paper. */
export function paperOf({model, zone}, places) {
  const rows = [...places.subarray(0, PAPER)].map((at) => el("tr", {},
    el("td", {}, Number.isNaN(model.time[at]) ? model.time_text[at] || "no time" : zone.full(model.time[at])), el("td", {}, model.levels[model.level[at]] ?? ""), el("td", {}, model.kinds[model.kind[at]]),
    el("td", {}, [model.actor[at], model.text[at].slice(0, 500), model.count[at] > 1 ? `(×${number(model.count[at])})` : null].filter(Boolean).join(" ")), el("td", {}, `${model.short[model.source[at]]}:${model.line[at]}`)));
  const heads = ["Time", "Level", "Kind", "What", "Where"].map((name) => el("th", {scope: "col"}, name));
  const many = places.length > PAPER ? `The first ${PAPER} of ${number(places.length)} entries shown` : counted(places.length, "entry", "entries");
  return el("table.tl-table", {}, el("caption", {}, many), el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
}

export const madeAt = (page) => {
  const made = microsOf(page.model.head.made_at);
  return made === null ? "" : `Made ${page.zone.full(made)}.`;
};
