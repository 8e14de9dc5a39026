// Drift beside what is being written: the text is held against its source after each pause, the words that drift are underlined in the text
// itself, and the parts that tell of it take the place of the old ones. Without this script they show once the form was sent.
import {difference} from "./joining.js";
import {takeZone} from "./zones.js";

const PAUSE_MS = 350;
const $ = (selector, inside = document) => inside.querySelector(selector);
const form = $("form[data-check]");
const heading = $("h1.now");
const standing = $("#standing");
const spoken = $("#spoken");

document.documentElement.classList.add("live");
takeZone(document);

// ---- a text with its marks ---------------------------------------------------------------------------------------

/** A field with a copy of its words behind the cursor, in which marks are drawn; they move with what is typed. */
class Marked {
  #mirror;
  #text = "";
  #marks = [];
  #spot = 0;

  constructor(area) {
    this.area = area;
    this.#mirror = $(".mirror", area.parentElement);
    area.addEventListener("input", () => this.draw());
    this.draw();
  }

  /** Takes over marks of a text, as [from, to, what, numbers of its drifts]. */
  take(text, marks) {
    this.#text = text;
    this.#marks = marks;
    this.draw();
  }

  /** Lights the words of one drift up, or none (0). */
  spot(number) {
    this.#spot = number;
    this.draw();
  }

  /** The drifts whose words hold the cursor. */
  get atCursor() {
    const at = this.area.selectionStart;
    return this.#marks.find(([from, to]) => from <= at && at <= to)?.[3] ?? [];
  }

  placeOf(number) {
    return this.#marks.find((one) => one[3].includes(number)) ?? null;
  }

  draw() {
    this.#move();
    const parts = [];
    let at = 0;
    for (const [from, to, what, numbers] of this.#marks) {
      if (to <= from) continue;
      parts.push(this.#text.slice(at, from));
      const mark = document.createElement("span");
      mark.className = `${what}${numbers.includes(this.#spot) ? " is-spot" : ""}`;
      mark.textContent = this.#text.slice(from, to);
      parts.push(mark);
      at = to;
    }
    this.#mirror.replaceChildren(...parts, `${this.#text.slice(at)}\n`);
  }

  #move() {
    const {from, to, insert} = difference(this.#text, this.area.value);
    const grown = insert.length - (to - from);
    const moved = (place, end) => (place <= from && (end || place < from) ? place : place >= to ? place + grown : end ? from : from + insert.length);
    if (from !== to || insert) this.#marks = this.#marks.map(([start, end, ...rest]) => [moved(start, false), moved(end, true), ...rest]);
    this.#text = this.area.value;
  }
}

const texts = new Map([...document.querySelectorAll(".written textarea")].map((area) => [area.name, new Marked(area)]));

function drawn(sent) {
  const told = $("#drawn").dataset;
  const marks = JSON.parse(told.marks);
  for (const [name, text] of texts) {
    text.take(sent?.get(name) ?? text.area.defaultValue, marks[name] ?? []);
  }
  if (heading.textContent !== told.heading) {
    heading.textContent = told.heading;
    if (sent) spoken.textContent = told.heading;
  }
  if (standing) standing.textContent = {"": "", 0: "No drift", 1: "One drift"}[told.drifts] ?? `${told.drifts} drifts`;
}

// ---- asking again ------------------------------------------------------------------------------------------------

let timer = 0;
let asking = null;
let again = false;

async function put(fresh) {
  const old = $(`[data-drift-part="${fresh.dataset.driftPart}"]`);
  if (globalThis.htmx) await htmx.swap({text: fresh.outerHTML, target: old, sourceElement: old, swap: "outerMorph"});
  else if (!old.contains(document.activeElement)) old.outerHTML = fresh.outerHTML;
}

async function ask() {
  const sent = new FormData(form);
  const response = await fetch(form.dataset.check, {method: "POST", headers: {"hx-request": "true"}, body: new URLSearchParams(sent)});
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of fresh.querySelectorAll("[data-drift-part]")) await put(part);
  drawn(sent);
  document.dispatchEvent(new CustomEvent("amends:swapped", {detail: {part: document}}));
}

/** One question at a time; what is typed meanwhile is asked about after it. */
async function check() {
  if (!form) return;
  if (asking) {
    again = true;
    return;
  }
  try {
    asking = ask();
    await asking;
  } catch {
    // away: the words are kept, and the next pause asks again
  } finally {
    asking = null;
  }
  if (again) {
    again = false;
    check();
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE_MS);
}

// ---- what is pressed ---------------------------------------------------------------------------------------------

/** Puts a sentence behind the paragraph of the cursor, or, where nobody wrote yet, at the end; the browser's own undo takes it out again. */
function insert(words) {
  const {area} = texts.get("text");
  const at = area.selectionEnd;
  const end = at ? at + area.value.slice(at).search(/\n|$/) : area.value.trimEnd().length;
  const before = area.value.slice(0, end);
  const apart = !before.trim() || /\s$/.test(before) ? "" : at ? " " : "\n\n";
  area.focus();
  area.setSelectionRange(end, end);
  document.execCommand("insertText", false, `${apart}${words}`);
}

function show(number) {
  for (const text of texts.values()) {
    const place = text.placeOf(number);
    text.spot(place ? number : 0);
    if (!place || !text.area.matches("[name=text], [name=retold]")) continue;
    text.area.focus();
    text.area.setSelectionRange(place[0], place[1]);
    $(".is-spot", text.area.parentElement)?.scrollIntoView({block: "center"});
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert], [data-show], [data-withhold]");
  if (!button) return;
  event.preventDefault();
  if (button.dataset.insert !== undefined) insert(button.dataset.insert);
  else if (button.dataset.show) show(Number(button.dataset.show));
  else {
    const choice = $("#withhold").parentElement.querySelector("[name=item]");
    choice.value = button.dataset.withhold;
    $("#withhold").scrollIntoView({block: "start"});
    $("[name=why]", choice.form).focus({preventScroll: true});
  }
});

// The card of the words that hold the cursor stands out.
document.addEventListener("selectionchange", () => {
  const text = [...texts.values()].find((one) => one.area === document.activeElement);
  if (!text) return;
  const current = text.atCursor;
  for (const card of document.querySelectorAll(".drift")) card.classList.toggle("is-current", current.includes(Number(card.dataset.drift)));
});

// Words that drift lead to their card where both stand side by side.
document.addEventListener("click", (event) => {
  const text = [...texts.values()].find((one) => one.area === event.target);
  const card = text?.atCursor.length && $(`[data-drift="${text.atCursor[0]}"]`);
  if (!card || !matchMedia("(min-width: 64rem)").matches) return;
  card.closest("details")?.setAttribute("open", "");
  card.scrollIntoView({block: "nearest"});
});

const saved = () => new Promise((done) => document.dispatchEvent(new CustomEvent("amends:save", {detail: {done}})));

// What is tied and lifted changes what stands here, and the words that are being written stay as they are; all of it is about what was saved.
document.addEventListener("submit", async (event) => {
  const act = event.target;
  const stays = act.closest("[data-drift-part]");
  if (event.defaultPrevented || !(stays || act.matches("[data-after-save]"))) return;
  event.preventDefault();
  if (!(await saved())) return;
  if (!stays) {
    act.submit();
    return;
  }
  const answer = await fetch(act.action, {method: "POST", body: new URLSearchParams(new FormData(act))}).catch(() => null);
  if (!answer?.ok) {
    act.submit();
    return;
  }
  act.reset(); // sent, so it is no form in use
  check();
});

// ---- a file instead of words ----------------------------------------------------------------------------------------

async function read(file, name) {
  const {area} = texts.get(name);
  area.value = await file.text();
  area.dispatchEvent(new Event("input", {bubbles: true}));
}

for (const input of document.querySelectorAll("[data-into]")) {
  input.addEventListener("change", () => input.files.length && read(input.files[0], input.dataset.into));
}
if ($("#compare")) {
  document.addEventListener("dragover", (event) => event.target.matches?.(".written textarea") && event.preventDefault());
  document.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer?.files ?? [];
    if (!file || !event.target.matches?.(".written textarea")) return;
    event.preventDefault();
    read(file, event.target.name);
  });
}

drawn(null);
if ([...texts.values()].some(({area}) => area.value !== area.defaultValue)) check();
form?.addEventListener("input", soon);
form?.addEventListener("change", soon);
document.addEventListener("amends:text", () => {
  for (const text of texts.values()) text.draw();
  soon();
});
document.addEventListener("amends:changed", soon);
