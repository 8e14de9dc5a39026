// A text that several people write at once: kept on this device with every few keystrokes, saved after a pause, joined with what the others
// wrote meanwhile. Where two people changed one paragraph, both texts are shown and the person decides.
import {Connection} from "./connection.js";
import {both as inOne, difference, joined} from "./joining.js";
import {Keeper, clockTime} from "./keeper.js";

const $ = (selector, inside = document) => inside.querySelector(selector);
const form = $("#document");
const area = $("#text");
const me = $("[data-me]").dataset.me;
const id = form.dataset.id;
let theirs = null;

document.documentElement.classList.add("live");

function sayState(name, detail) {
  $("#kept").textContent = {
    changed: "Kept on this device",
    saving: "Saving…",
    saved: `Saved ${detail ? clockTime(new Date(detail)) : ""}`,
    same: "Saved",
    away: "Kept on this device",
    "no-room": "This browser keeps no copy; the server does",
    refused: `Not saved: ${detail ?? "the server refused it"}`,
  }[name];
  if (name === "away") connection.lost();
}

/** Another text takes the place of this one, and the cursor stays at the words where it was. */
function put(text) {
  const change = difference(area.value, text);
  const grown = change.insert.length - (change.to - change.from);
  const moved = (at) => (at <= change.from ? at : at >= change.to ? at + grown : change.from + change.insert.length);
  const [start, end, top] = [moved(area.selectionStart), moved(area.selectionEnd), area.scrollTop];
  area.value = text;
  area.setSelectionRange(start, end);
  area.scrollTop = top;
  document.dispatchEvent(new CustomEvent("amends:text"));
}

/** The server joined what was sent with what others wrote; what was typed since stays. */
function adopt(sent, answer) {
  const now = joined(sent, answer.text, area.value);
  if (now === null) show({mine: {text: area.value}, theirs: answer});
  else put(now);
}

function show({mine, theirs: other}) {
  theirs = other;
  keeper.hold();
  $("[data-mine]").textContent = mine.text;
  $("[data-theirs]").textContent = other.text;
  $("[data-whose]").textContent = other.by && other.by !== me ? `Saved by ${other.by}` : "Saved elsewhere";
  $("#both").hidden = false;
  $("#both-heading").focus();
}

const connection = new Connection($("#away"), {onLost() {}, onBack: () => keeper.save()});
const keeper = new Keeper({
  server: {id, version: Number(form.dataset.version), text: area.defaultValue},
  fresh: false,
  address: form.dataset.base,
  begins: false,
  read: () => ({text: area.value}),
  on: {state: sayState, adopt, conflict: show, named() {}, newer: (answer) => put(answer.text)},
});

const kept = keeper.recover();
if (kept) {
  put(kept.text);
  keeper.touch();
} else if (area.value !== area.defaultValue) {
  keeper.touch(); // typed before this script was there
}

area.addEventListener("input", () => keeper.touch());
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const saved = await keeper.save();
  if (saved && !("stays" in form.dataset)) location.assign($("#read").href);
});
for (const button of document.querySelectorAll("[data-keep]")) {
  button.addEventListener("click", () => {
    const choice = {mine: $("[data-mine]").textContent, theirs: theirs.text, both: inOne(theirs.text, $("[data-mine]").textContent)};
    put(choice[button.dataset.keep]);
    $("#both").hidden = true;
    area.focus();
    keeper.settle(theirs);
  });
}

/** What else stands on the page asks for what is written to be saved, and hears whether it was. */
document.addEventListener("amends:save", async ({detail}) => detail.done(await keeper.save()));
document.addEventListener("amends:changed", ({detail}) => {
  if (detail.all || detail.subjects.includes(`document/${id}`)) keeper.look();
});
document.addEventListener("amends:here", ({detail}) => {
  const others = [...new Set(detail.people.filter((one) => one.at === id && one.person !== me).map((one) => one.person))];
  const names = others.length > 2 ? `${others.slice(0, 2).join(", ")} and ${others.length - 2} more` : others.join(" and ");
  $("#writing").textContent = others.length ? `${names} ${others.length > 1 ? "are" : "is"} writing here, too` : "";
});
document.addEventListener("visibilitychange", () => document.hidden || keeper.look());
