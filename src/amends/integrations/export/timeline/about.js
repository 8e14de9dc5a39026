// What stands around the entries: what this is, where to look first, the sources and what was wrong with them, help, and paper.

import { counted, el, number } from "./dom.js";
import { offBy, whereOf } from "./entry.js";
import { microsOf, spanned } from "./times.js";
import { ERROR, WARNING, icon } from "./shapes.js";

const PAPER = 200;
const LONGEST = 90;

/** The head of the page. `page` has model, zone, lead, open(at). */
export function headOf(page) {
  const {model} = page;
  const {head} = model;
  const when = model.dated ? spanned(page.zone, model.time[0], model.full[1]) : "no entry has a time";
  const found = head.sources.reduce((sum, one) => sum + one.entries, 0);
  const what = `${counted(model.real, "entry", "entries")}${head.all ? "" : ` kept of ${number(found)}`}`;
  const assumed = head.sources.some((one) => one.zone?.startsWith("assumed")) ? ` Where no zone is stated, ${head.zone} is assumed.` : "";
  const named = el("div.tl-named", {}, el("h1", {}, head.title), el("p", {}, `${when}. ${what}.${assumed}`));
  return [named, sourcesOf(page), el("p.tl-first", {}, ...leadWords(page))];
}

function leadWords(page) {
  const {model, zone, lead} = page;
  if (!lead) return [model.real ? "No entry says that it is an error." : "There are no entries."];
  const jump = (at, words) => el("a.tl-link", {href: `#${new URLSearchParams({open: model.id[at]})}`, onclick: (event) => {
    event.preventDefault();
    page.open(at, true);
  }}, words);
  const told = zone.tell(model.time[lead.at]);
  const words = [`${lead.what}: `, jump(lead.at, `${told.second} ${told.zone} in ${model.short[model.source[lead.at]]}`)];
  if (lead.earlier) words.push(` (${counted(lead.earlier, "error")} before it)`);
  if (lead.candidate) return [...words, ...candidateWords(lead.candidate, jump)];
  if (!lead.changes.length) return [...words, "; no change in the hour before."];
  const last = lead.changes[0];
  return [...words, `; ${counted(lead.changes.length, "change")} in the hour before, `, lead.changes.length > 1 ? "the last " : "",
    jump(last, `${zone.tell(model.time[last]).second} in ${model.short[model.source[last]]}`), "."];
}

function candidateWords({place, ago, others, said}, jump) {
  const cut = `“${said.length > LONGEST ? `${said.slice(0, LONGEST)}…` : said}”`;
  const rest = others ? `; ${counted(others, "other candidate")}.` : ".";
  return [`. Candidate, ${ago.replaceAll(" ", "\u00a0")} before: `, place < 0 ? cut : jump(place, cut), rest];
}

/** The sources with what is to be known of them, folded. */
export function sourcesOf(page) {
  const {head} = page.model;
  const wrong = head.problems.length + head.sources.reduce((sum, one) => sum + one.problems.length, 0);
  const skewed = head.sources.filter((one) => one.skew.length).length;
  const clocks = skewed && `${counted(skewed, "clock")} may differ`;
  const told = [counted(head.sources.length, "source"), wrong && counted(wrong, "problem"), clocks];
  const rows = head.sources.map((source) => sourceRow(page, source));
  const heads = ["Source", "Entries", "From, to", "Zone", "To know"].map((name) => el("th", {scope: "col"}, name));
  return el("details.tl-sources", {}, el("summary.tl-button", {}, told.filter(Boolean).join(" · ")),
    el("div.tl-panel", {tabIndex: 0, role: "region", "aria-label": "Sources"},
      el("table.tl-table", {}, el("caption.tl-sr", {}, "Sources"), el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows)),
      ...problemsOf(head)));
}

function problemsOf({problems}) {
  if (!problems.length) return [];
  const told = problems.map(({source, message}) => el("li", {}, el("b", {}, source), ` ${message}`));
  return [el("p.tl-quiet", {}, "What could not be read:"), el("ul.tl-problems", {}, ...told)];
}

function sourceRow({model, zone}, source) {
  const when = source.first === null ? "no times" : spanned(zone, source.first, source.last);
  const notes = [...source.problems, ...source.skew.map((skew) => skewWords(model, skew))];
  const counts = `${counted(source.entries, "entry", "entries")}${source.undated ? `, ${number(source.undated)} without a time` : ""}`;
  const read = `${[source.reader, ...source.formats].join(", ")}; ${counted(source.size, "byte")}; sha256 ${source.sha256.slice(0, 12)}…`;
  const name = el("th", {scope: "row", title: `sha256 ${source.sha256}`}, source.name, el("small", {}, ` ${read}`));
  const lines = notes.map((note) => el("span.tl-line", {}, note));
  const cells = [[counts], [when], [source.zone?.replace("assumed:", "assumed: ") ?? ""], lines];
  return el("tr", {}, name, ...cells.map((cell) => el("td", {}, ...cell)));
}

/** A clock that seems off, as an estimate: times are shown as they were written. */
function skewWords(model, skew) {
  const than = `${skew.seconds > 0 ? "of " : ""}that of ${model.short[skew.against]}`;
  const sure = `± ${number(Math.round(skew.spread * 10) / 10)} s, from ${counted(skew.anchors, "shared event")}`;
  return `Its clock seems ${offBy(skew)} ${than} (${sure}). Its times are shown as written.`;
}

const KEYS = [
  ["j, k", "next, previous entry"], ["Enter", "open or close it"], ["n, p", "next, previous error"], ["c", "next change"],
  ["/", "filter"], ["+ − 0", "zoom in, zoom out, the whole time"], ["← →", "earlier, later (with the picture in focus)"],
  ["Esc", "close, then clear the filter"], ["?", "this help"],
];

const ADVICE = [
  "In the picture: drag over a stretch to see it alone, shift and drag to move, wheel or two fingers to zoom; over the names the wheel " +
    "scrolls. Under the marks stands how much was logged, with the errors in it. Dashed lines are changes. The thick line on the axis is " +
    "what the list has in sight.",
  "Words in the filter must all be there: -word leaves out, \"two words\" stay together. The address of the page holds window, filter " +
    "and entry: copy it to show somebody this view.",
];

/** Keys and marks. */
export function helpOf(model) {
  const keys = KEYS.flatMap(([key, words]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, words)]);
  const graded = [[ERROR, "error, critical"], [WARNING, "warning"], [0, "all below, and what states no level"]];
  const levels = graded.map(([level, words]) => el("li", {}, icon("log", level), words));
  const kinds = model.kinds.filter((kind) => kind !== "log").map((kind) => el("li", {}, icon(kind, 0), kind));
  const isOff = model.head.sources.some((source) => source.skew.length);
  if (isOff) kinds.push(el("li", {}, icon("clock", 0), "the clock of its source may be off"));
  const close = el("button.tl-button", {type: "button", onclick: (event) => event.target.closest("dialog").close()}, "Close");
  return el("dialog.tl-help", {"aria-label": "Help: keys and marks"}, el("h2", {}, "Keys"), el("dl", {}, ...keys),
    el("h2", {}, "Marks"), el("ul", {}, ...levels, ...kinds),
    ...ADVICE.map((words) => el("p.tl-quiet", {}, words)), close);
}

/** The first of the shown entries as a table: what goes on paper. */
export function paperOf({model, zone}, places) {
  const rows = [...places.subarray(0, PAPER)].map((at) => {
    const time = Number.isNaN(model.time[at]) ? model.time_text[at] || "no time" : zone.full(model.time[at]);
    const repeats = model.count[at] > 1 ? `(×${number(model.count[at])})` : null;
    const what = [model.actor[at], model.text[at].slice(0, 500), repeats].filter(Boolean).join(" ");
    const cells = [time, model.levels[model.level[at]] ?? "", model.kinds[model.kind[at]], what, whereOf(model, at)];
    return el("tr", {}, ...cells.map((cell) => el("td", {}, cell)));
  });
  const heads = ["Time", "Level", "Kind", "What", "Where"].map((name) => el("th", {scope: "col"}, name));
  const cut = places.length > PAPER;
  const many = cut ? `The first ${PAPER} of ${number(places.length)} entries shown` : counted(places.length, "entry", "entries");
  return el("table.tl-table", {}, el("caption", {}, many), el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
}

export const madeAt = (page) => {
  const made = microsOf(page.model.head.made_at);
  return made === null ? "" : `Made ${page.zone.full(made)}.`;
};
