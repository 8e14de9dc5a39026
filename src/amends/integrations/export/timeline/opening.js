// What a page opens on: the entry to look at first, and the part of the time in which nearly everything happened.

import { HOUR } from "./times.js";
import { padded } from "./model.js";

/** The busy part holds so many of the entries, and is shorter than so much of the whole; of few entries nothing can be said. */
const SHARE = 0.9;
const SHORT = 1 / 5;
const FEW = 20;

/** Where to look first: the first error after a change, or of errors in numbers, or at all; null without errors. `candidate` is the change
    that `because` names first, `changes` are all in the hour before, last one first. */
export function leadOf(model) {
  const bit = (name) => 1 << model.reasons.indexOf(name);
  const errors = [];
  for (let at = 0; at < model.dated; at += 1) if (model.isError(at) && model.source[at] !== model.told) errors.push(at);
  const after = errors.find((at) => model.why[at] & bit("after-change"));
  const sudden = errors.find((at) => model.why[at] & (bit("burst") | bit("rate-change")));
  const at = after ?? sudden ?? errors[0];
  if (at === undefined) return null;
  const what = at === after ? "First error after a change" : at === errors[0] ? "First error" : "First errors in numbers";
  return {at, what, earlier: errors.indexOf(at), changes: changesBefore(model, at, HOUR), candidate: candidateOf(model, at)};
}

function changesBefore(model, at, micros) {
  const found = [];
  for (let other = at - 1; other >= 0 && model.time[other] >= model.time[at] - micros; other -= 1) {
    if (model.isChange(other)) found.push(other);
  }
  return found;
}

/** The change that `because` names first: its words, how long before, its place (-1 if it is not here), and how many others there are, of
    which each can have several entries; null without one. */
function candidateOf(model, at) {
  const because = model.because[at] || [];
  const named = because.map((words) => /^candidate: (.+), (.+?) before$/.exec(words)).filter(Boolean);
  if (!named.length) return null;
  const more = because.map((words) => /^and (\d+) more in the /.exec(words)).find(Boolean);
  const [, words, ago] = named[0];
  const said = words.replace(/ \((?:merged|began|out|failed) [^)]*\)$/, "").replace(/^[^“]*“/, "").replace(/[”…]+$/, "");
  const place = changesBefore(model, at, 2 * HOUR).find((other) => masked(model.text[other]).includes(masked(said))) ?? -1;
  const others = named.length - 1 + Number(more?.[1] ?? 0);
  return {place, ago, others, said: place < 0 || !said.includes("#") ? said : model.text[place].split("\n", 1)[0]};
}

/** Words without their numbers, which may be masked where a candidate is named. */
const masked = (text) => text.replace(/\s+/g, " ").replace(/\d+/g, "#");

/** The shortest window that holds nine of ten entries, with the hour before what is to be looked at first; null where that is not short. */
export function busyPart(model, lead) {
  if (model.dated < FEW) return null;
  const {time, frame} = model;
  const held = Math.ceil(model.dated * SHARE);
  let first = 0;
  const long = (at) => time[at + held - 1] - time[at];
  for (let at = 1; at + held <= model.dated; at += 1) if (long(at) < long(first)) first = at;
  let [from, to] = [time[first], time[first + held - 1]];
  if (lead) [from, to] = [Math.min(from, time[lead.at] - HOUR), Math.max(to, time[lead.at])];
  [from, to] = padded(from, to);
  return to - from < (frame[1] - frame[0]) * SHORT ? [Math.max(from, frame[0]), Math.min(to, frame[1])] : null;
}
