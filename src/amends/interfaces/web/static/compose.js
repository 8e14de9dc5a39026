// The compose page: joins the editor, the remarks on it, the checker behind it, the keeper of the words, and the keyboard.
import {copyFor} from "./clipboard.js";
import {clean, gaps} from "./copying.js";
import {Connection} from "./connection.js";
import {Editor} from "./editor.js";
import {both as inOne, difference, joined} from "./joining.js";
import {Keeper, clockTime, discard, orphans} from "./keeper.js";
import {EVERYWHERE, Palette} from "./palette.js";
import {Remarks} from "./remarks.js";

const $ = (selector, inside = document) => inside.querySelector(selector);

const SPEAK_MS = 900;

const form = $("#compose");
const area = $("#text");
const [formField, audienceField, zoneField] = ["form", "audience", "tz"].map((name) => form.elements[name]);
const fields = [formField, audienceField, zoneField];

let revision = 0;
let checked = -1;
let speaking = 0;
let checkedAt = new Date();

// ---- what is said ----------------------------------------------------------------------------------------------

/** Reads words out to those who listen to the page. */
function speak(words) {
  clearTimeout(speaking);
  $("#spoken").textContent = words;
}

/** Shows what an action did. */
function tell(words) {
  $("#notice").textContent = words;
  $("#notice").hidden = !words;
}

/** What this page knows without the checker: the gaps that are open, and the words while nobody else counts them. */
function sayHere() {
  const open = gaps(editor.text).length;
  $("#gaps").hidden = !open;
  $("#gaps span").textContent = open === 1 ? "1 gap is still open" : `${open} gaps are still open`;
  $("#gap-help").textContent = open ? "Tab goes to the next gap. Escape, then Tab leaves the text." : "";
  if (!connection.away) return;
  const words = clean(editor.text).split(/\s+/).filter(Boolean).length;
  $("#count").textContent = words === 1 ? "1 word" : `${words} words`;
}

function sayState(name, detail) {
  const at = detail ? clockTime(new Date(detail)) : "";
  $("#kept").textContent = {
    changed: "Kept on this device",
    saving: "Saving…",
    saved: `Saved ${at}`,
    same: keeper.id ? "Saved" : "",
    away: "Kept on this device",
    "no-room": "This browser keeps no copy; the server does",
    refused: `Not saved: ${detail ?? "the server refused it"}`,
  }[name];
  if (name === "away") connection.lost();
}

// ---- the zone of the person who writes -------------------------------------------------------------------------

if (!zoneField.value) zoneField.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
zoneField.addEventListener("focus", () => {
  const list = $("#zones");
  if (list.childElementCount || !Intl.supportedValuesOf) return;
  list.append(...Intl.supportedValuesOf("timeZone").map((zone) => Object.assign(document.createElement("option"), {value: zone})));
});

// ---- the editor, its remarks, and the keeper of the words -----------------------------------------------------------

const remarks = new Remarks({rail: $("#rail"), steps: $("#steps"), strip: {words: $("#strip-words"), fix: $("#strip-fix")}, say: speak});
const editor = new Editor({
  parent: $("#editor"),
  text: area.value,
  nonce: form.dataset.nonce,
  label: area.labels[0].textContent.trim(),
  help: "gap-help",
  hint: area.placeholder,
  readOnly: area.readOnly,
  keys: remarks.keys,
  onChange: changed,
  onCursor: (key) => remarks.cursor(key),
  onOpen: (key) => remarks.open(key),
});
remarks.attach(editor);

const connection = new Connection($("#away"), {
  onLost: () => {
    $("#as-of").textContent = `Remarks as of ${clockTime(checkedAt)}; the checker is away.`;
    $("#as-of").hidden = false;
    sayHere();
  },
  onBack: () => {
    $("#as-of").hidden = true;
    if (checked !== revision) check("recheck-now");
    keeper.save();
  },
});

const server = {
  id: form.dataset.draft,
  version: form.dataset.version ? Number(form.dataset.version) : null,
  text: area.defaultValue,
  form: formField.value,
  audience: audienceField.value,
  tz: form.dataset.tz || zoneField.value,
};
const begunAnew = new URLSearchParams(location.search).has("start");

const keeper = new Keeper({
  server,
  fresh: begunAnew,
  read: () => ({text: editor.text, form: formField.value, audience: audienceField.value, tz: zoneField.value}),
  on: {state: sayState, adopt, conflict, named, newer},
});

const wasTyping = document.activeElement === area;
document.documentElement.classList.add("live");
area.hidden = true;
document.body.classList.toggle("is-empty", !editor.text.trim());

function changed(rewritten) {
  area.value = editor.text;
  document.body.classList.toggle("is-empty", !editor.text.trim());
  sayHere();
  touched(rewritten ? "recheck-now" : "recheck");
}

function touched(when) {
  if (begunAnew && location.search) history.replaceState(null, "", location.pathname);
  revision += 1;
  $("#editor").dataset.checked = "no";
  keeper.touch();
  check(when);
}

for (const field of fields) field.addEventListener("change", () => touched("recheck-now"));

// ---- checking: htmx sends the form, waits for the pause, drops what is stale, and swaps what comes back -----------------

function check(when) {
  $("#checked").dispatchEvent(new Event(when));
}

form.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.body.set("text", editor.text);
  event.detail.ctx.revision = revision;
});

form.addEventListener("htmx:before:response", (event) => {
  const {ctx} = event.detail;
  if (ctx.response.status >= 500) connection.lost();
  else connection.found();
  if (ctx.revision !== revision) event.preventDefault();
});

form.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.revision === revision) takeMarks();
});

form.addEventListener("htmx:error", () => connection.lost());

function takeMarks() {
  checked = revision;
  checkedAt = new Date();
  $("#editor").dataset.checked = "yes";
  const {marks, spoken} = $("#marks").dataset;
  editor.mark(JSON.parse(marks));
  remarks.refresh();
  clearTimeout(speaking);
  speaking = setTimeout(() => speak(spoken), SPEAK_MS);
}

// ---- keeping ---------------------------------------------------------------------------------------------------------

/** The server joined our text with one from elsewhere; what was typed since then is joined with both. */
function adopt(sent, answer) {
  const text = joined(sent, answer.text, editor.text);
  if (text === null) {
    keeper.hold();
    conflict({mine: {text: editor.text}, theirs: answer});
  } else {
    editor.become(text);
  }
}

/** The draft was written in elsewhere, and nothing here: the newer text comes in. */
function newer(theirs) {
  for (const field of fields) field.value = theirs[field.name];
  editor.become(theirs.text);
  tell("This draft was changed somewhere else; this is the newer text.");
}

document.addEventListener("visibilitychange", () => document.hidden || keeper.look());
addEventListener("focus", () => keeper.look());

function named(id) {
  form.dataset.draft = id;
  form.action = `/drafts/${id}`;
  if ($("#sent")) $("#sent").formAction = `/drafts/${id}`;
  history.replaceState(null, "", `/drafts/${id}`);
}

/** A text with the part marked in which it differs from another. */
function showWithMark(place, text, {from, insert}) {
  const mark = document.createElement("mark");
  mark.textContent = insert;
  place.replaceChildren(text.slice(0, from), ...(insert ? [mark] : []), text.slice(from + insert.length));
}

function conflict({mine, theirs}) {
  if (theirs.open === false) {
    tell("This draft was closed elsewhere. Your words are kept beside it; open it again under Drafts to go on.");
    return;
  }
  const both = $("#both");
  showWithMark($("[data-mine]", both), mine.text, difference(theirs.text, mine.text));
  showWithMark($("[data-theirs]", both), theirs.text, difference(mine.text, theirs.text));
  both.hidden = false;
  $("h2", both).focus();
  const settle = (text) => {
    both.hidden = true;
    editor.become(text);
    keeper.settle(theirs);
    tell("The other text is kept among the versions of this draft.");
    editor.focus();
  };
  $("[data-keep=mine]", both).onclick = () => settle(editor.text);
  $("[data-keep=theirs]", both).onclick = () => settle(theirs.text);
  $("[data-keep=both]", both).onclick = () => settle(inOne(theirs.text, editor.text));
}

$("#sent")?.addEventListener("click", async (event) => {
  event.preventDefault();
  if (!editor.text.trim()) tell("There is nothing to send yet.");
  else if ((await keeper.save()) && keeper.id) location.assign(`/drafts/${keeper.id}/send`);
  else tell("It is not on the server yet, so its promises cannot be recorded. It is kept on this device.");
});

/** Words of another tab that never reached the server. */
function offer(lost) {
  const box = $("#found-words");
  const close = () => {
    discard(lost.key);
    box.hidden = true;
  };
  $("q", box).textContent = lost.text.trim().slice(0, 120);
  box.hidden = false;
  $("[data-take]", box).addEventListener("click", () => {
    editor.become(lost.text);
    close();
    editor.focus();
  });
  $("[data-leave]", box).addEventListener("click", close);
}

// ---- actions ---------------------------------------------------------------------------------------------------------

const copy = async (kind) => tell(await copyFor(kind, editor.text));
for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button.dataset.copy));

$("#gaps").addEventListener("click", () => {
  editor.toGap();
  editor.focus();
});
$("#strip-next").addEventListener("click", () => remarks.step(1, false));
$("#strip-fix").addEventListener("click", () => remarks.applyFirst());

function choose(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("change"));
  editor.focus();
}

function choices(field, name) {
  return [...field.options].map((one) => ({name: `${name}: ${one.text.trim()}`, run: () => choose(field, one.value)}));
}

const palette = new Palette($("#palette"), () => [
  {name: "Next remark", keys: "F8", run: () => remarks.step(1)},
  {name: "Previous remark", keys: "Shift F8", run: () => remarks.step(-1)},
  {name: "Apply the first rewrite", keys: "Ctrl .", run: () => remarks.applyFirst()},
  {name: "Go to the text", run: () => editor.focus()},
  {name: "Go to the next gap", keys: "Tab", run: () => $("#gaps").click()},
  {name: "Copy for Slack", run: () => copy("slack")},
  {name: "Copy for e-mail", run: () => copy("email")},
  {name: "Copy as Markdown", run: () => copy("markdown")},
  ...choices(formField, "Form"),
  ...choices(audienceField, "Audience"),
  ...($("#sent") ? [{name: "I have sent it", run: () => $("#sent").click()}] : []),
  ...EVERYWHERE,
]);
for (const id of ["open-palette", "strip-actions"]) $(`#${id}`).addEventListener("click", () => palette.open());

addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "k") palette.open();
  else if (command && event.key === ".") remarks.applyFirst();
  else if (event.key === "F8") remarks.step(event.shiftKey ? -1 : 1);
  else if (event.altKey && ["ArrowDown", "ArrowUp"].includes(event.key)) remarks.step(event.key === "ArrowUp" ? -1 : 1);
  else return;
  event.preventDefault();
});

// ---- begin: with what this device kept, else with what the page came with ---------------------------------------------

const kept = keeper.recover();
if (kept) {
  for (const field of fields) if (kept[field.name] !== undefined) field.value = kept[field.name];
  editor.become(kept.text);
} else if (editor.text !== server.text) {
  touched("recheck-now");
}
if (!server.id && !kept) {
  const [lost] = orphans(keeper.key);
  if (lost) offer(lost);
}
if (revision === 0) {
  takeMarks();
  if (form.dataset.tz !== zoneField.value) check("recheck-now");
}
sayHere();
const filling = form.dataset.started === "yes" && !kept && editor.toGap();
if (wasTyping) editor.select(area.selectionStart, area.selectionEnd);
if (wasTyping || ((!editor.text || filling) && !matchMedia("(pointer: coarse)").matches)) editor.focus();
