// The compose page: joins the editor, the checker behind it, the keeper of the words, and the keyboard.
import {Editor, difference} from "./editor.js";
import {Keeper, discard, orphans} from "./keeper.js";
import {clean, forEmail, forMarkdown, forSlack, gaps} from "./copying.js";
import {Palette} from "./palette.js";
import {nextTheme} from "./theme.js";

const $ = (selector, inside = document) => inside.querySelector(selector);
const $$ = (selector, inside = document) => [...inside.querySelectorAll(selector)];

const form = $("#compose");
const area = $("#text");
const rail = $("#rail");
const notice = $("#notice");
const fields = ["form", "audience", "tz"].map((name) => form.elements[name]);
const closed = area.readOnly;

let revision = 0;
let checked = -1;
let away = false;
let current = null;
let pinned = null;
let speakTimer = 0;
let pingTimer = 0;
let pings = 0;

// ---- the zone of the person who writes -------------------------------------------------------------------------

if (!form.elements.tz.value) form.elements.tz.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
form.elements.tz.addEventListener("focus", () => {
  const list = $("#zones");
  if (list.childElementCount || !Intl.supportedValuesOf) return;
  list.append(...Intl.supportedValuesOf("timeZone").map((zone) => Object.assign(document.createElement("option"), {value: zone})));
});

// ---- the editor ------------------------------------------------------------------------------------------------

const keys = [
  {key: "F8", run: () => step(1), shift: () => step(-1)},
  {key: "Alt-ArrowDown", run: () => step(1)},
  {key: "Alt-ArrowUp", run: () => step(-1)},
  {key: "Mod-.", run: () => applyFirst()},
];

const editor = new Editor({
  parent: $("#editor"),
  text: area.value,
  nonce: form.dataset.nonce,
  label: area.labels[0].textContent.trim(),
  hint: area.placeholder,
  readOnly: closed,
  keys,
  onChange: (rewritten) => changed(rewritten),
  onCursor: (key) => {
    pinned = null;
    point(key, false);
  },
});

const server = {
  id: form.dataset.draft,
  version: form.dataset.version ? Number(form.dataset.version) : null,
  text: area.defaultValue,
  form: form.elements.form.value,
  audience: form.elements.audience.value,
  tz: form.dataset.tz || fields[2].value,
};
const started = form.dataset.started === "yes";
const fresh = new URLSearchParams(location.search).has("start");
if (fresh) history.replaceState(null, "", "/");

const keeper = new Keeper({
  server: started ? {...server, text: ""} : server,
  fresh,
  read: () => ({text: editor.text, form: fields[0].value, audience: fields[1].value, tz: fields[2].value}),
  on: {state: sayState, adopt, conflict, named},
});

document.documentElement.classList.add("live");
area.hidden = true;

function changed(rewritten) {
  revision += 1;
  $("#editor").dataset.checked = "no";
  area.value = editor.text;
  document.body.classList.toggle("is-empty", !editor.text.trim());
  keeper.touch();
  check(rewritten ? "recheck-now" : "recheck");
}

for (const field of fields) {
  field.addEventListener("change", () => {
    revision += 1;
    $("#editor").dataset.checked = "no";
    keeper.touch();
    check("recheck-now");
  });
}

// ---- checking: htmx sends the form and swaps what comes back ------------------------------------------------------

function check(when) {
  $("#checked").dispatchEvent(new Event(when));
}

form.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.body.set("text", editor.text);
  event.detail.ctx.revision = revision;
});

form.addEventListener("htmx:before:response", (event) => {
  const {ctx} = event.detail;
  if (ctx.response.status >= 500) setAway(true);
  else setAway(false);
  if (ctx.revision !== revision) event.preventDefault();
});

form.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.revision !== revision) return;
  checked = revision;
  takeMarks();
});

form.addEventListener("htmx:error", (event) => {
  if (event.detail.error?.name !== "AbortError") setAway(true);
});

function takeMarks() {
  $("#editor").dataset.checked = "yes";
  editor.mark(JSON.parse($("#marks").dataset.marks));
  point(editor.keyAtCursor(), false);
  clearTimeout(speakTimer);
  speakTimer = setTimeout(() => speak($("#marks").dataset.spoken), 900);
}

function setAway(now) {
  if (now === away) return;
  away = now;
  $("#away").hidden = !away;
  clearTimeout(pingTimer);
  if (away) {
    pings = 0;
    ping();
  } else {
    if (checked !== revision) check("recheck-now");
    keeper.save();
  }
}

function ping() {
  pingTimer = setTimeout(async () => {
    try {
      if ((await fetch("/healthz", {cache: "no-store"})).ok) {
        setAway(false);
        return;
      }
    } catch {
      // still away: ask again, less and less often
    }
    ping();
  }, Math.min(1500 * 1.6 ** pings++, 20000));
}

addEventListener("online", async () => {
  if (!away) return;
  clearTimeout(pingTimer);
  pings = 0;
  try {
    if ((await fetch("/healthz", {cache: "no-store"})).ok) setAway(false);
  } catch {
    ping();
  }
});
addEventListener("offline", () => setAway(true));

// ---- remarks: in the text, in the rail, by keyboard ---------------------------------------------------------------

function cards() {
  return $$(".remark", rail);
}

function cardOf(key) {
  return key ? $(`.remark[data-key="${CSS.escape(key)}"]`, rail) : null;
}

function speak(words) {
  const spoken = $("#spoken");
  if (words && spoken.textContent !== words) spoken.textContent = words;
}

/** Marks the remark that the cursor stands in; `loud` reads it out and brings its card into view. */
function point(key, loud) {
  current = key ?? pinned;
  for (const card of cards()) card.classList.toggle("is-current", card.dataset.key === current);
  const card = cardOf(current);
  $("#strip-words").textContent = card ? $(".remark-message", card).textContent : $("#marks").dataset.counts;
  if (!loud || !card) return;
  card.closest("details")?.setAttribute("open", "");
  if (rail.scrollHeight > rail.clientHeight) rail.scrollTop = card.offsetTop - rail.clientHeight / 4;
  clearTimeout(speakTimer);
  speak(`${$(".tag", card).textContent}: ${$(".remark-message", card).textContent}`);
}

/** Every remark in reading order: those on words by place, those about the whole at the end. */
function order() {
  const places = cards().map((card) => ({key: card.dataset.key, place: editor.placeOf(card.dataset.key), on: card.dataset.on === "words"}));
  return places.sort((a, b) => Number(b.on) - Number(a.on) || a.place[0] - b.place[0]).map((one) => one.key);
}

function step(by) {
  const all = order();
  if (!all.length) {
    speak("No remarks.");
    return true;
  }
  const at = all.indexOf(current);
  const key = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length];
  const [from, to] = editor.placeOf(key);
  if (cardOf(key).dataset.on === "words") editor.select(from, to);
  pinned = key;
  point(key, true);
  return true;
}

function applyFirst() {
  const card = cardOf(current) ?? cardOf(order().find((key) => $("[data-fix]", cardOf(key))));
  const button = card && $("[data-fix]", card);
  if (button) fix(button);
  else speak("This remark has no ready rewrite.");
  return true;
}

function fix(button) {
  pinned = null;
  editor.rewrite(Number(button.dataset.start), Number(button.dataset.end), button.dataset.text);
}

function ignore(card) {
  const reason = $("input", card).value.trim().replace(/--+>?/g, "–").replace(/\s+/g, " ");
  const input = $("input", card);
  input.setAttribute("aria-invalid", String(!reason));
  $(".ignore-error", card).hidden = Boolean(reason);
  if (!reason) {
    input.focus();
    return;
  }
  editor.atLineEnd(Number(card.dataset.at), ` <!-- amends: ignore ${card.dataset.rule} because ${reason} -->`);
}

rail.addEventListener("click", (event) => {
  const card = event.target.closest(".remark");
  const button = event.target.closest("button");
  if (button?.matches("[data-fix]")) fix(button);
  else if (button?.matches("[data-ignore]")) ignore(card);
  else if (button?.matches("[data-go]")) editor.go([Number(button.dataset.start), Number(button.dataset.end)]);
  else if (card && !event.target.closest("a, summary, input, label") && card.dataset.on === "words") {
    const place = editor.placeOf(card.dataset.key);
    if (place) editor.select(...place);
    pinned = card.dataset.key;
    point(card.dataset.key, false);
  }
});

rail.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches(".ignore input")) return;
  event.preventDefault();
  ignore(event.target.closest(".remark"));
});

// ---- what is hovered or focused shows where it stands in the text -----------------------------------------------------

function spanOf(target) {
  const carrier = target.closest?.("[data-start]");
  if (!carrier || carrier.dataset.start === "") return null;
  return [Number(carrier.dataset.start), Number(carrier.dataset.end)];
}

for (const part of [$("#steps"), rail]) {
  for (const kind of ["pointerover", "focusin"]) part.addEventListener(kind, (event) => editor.spot(spanOf(event.target)));
  for (const kind of ["pointerleave", "focusout"]) part.addEventListener(kind, () => editor.spot(null));
}

$("#steps").addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  const span = spanOf(button);
  if (span) editor.go(span);
  else showMissing(button.dataset.move);
});

function showMissing(move) {
  const card = $(`.remark[data-move="${CSS.escape(move)}"]`, rail);
  if (!card) {
    editor.focus();
    return;
  }
  pinned = card.dataset.key;
  point(pinned, true);
  ($("[data-fix]", card) ?? $("summary, a", card))?.focus();
}

$("#editor").addEventListener("click", (event) => {
  const key = event.target.closest(".found")?.dataset.key;
  if (key) cardOf(key)?.closest("details")?.setAttribute("open", "");
});

$("#strip-next").addEventListener("click", () => step(1));
$("#strip-fix").addEventListener("click", () => applyFirst());

// ---- copying -----------------------------------------------------------------------------------------------------

async function copy(kind) {
  const text = editor.text;
  if (!clean(text)) {
    say("There is nothing to copy yet.");
    return;
  }
  const mail = kind === "email" ? forEmail(text) : null;
  const plain = mail ? mail.plain : kind === "slack" ? forSlack(text) : forMarkdown(text);
  const done = await put(plain, mail?.html);
  const open = gaps(text);
  const name = {slack: "Slack", email: "e-mail", markdown: "Markdown"}[kind];
  const parts = [done ? `Copied for ${name}.` : "This browser does not let the page copy. Select the text and copy it by hand."];
  if (done && mail?.subject) parts.push(`The subject is not in it: “${mail.subject}”.`);
  if (done && open.length) parts.push(`${open.length === 1 ? "One gap is" : `${open.length} gaps are`} still open: ${open.join(", ")}.`);
  say(parts.join(" "));
}

async function put(plain, html) {
  try {
    if (html && window.ClipboardItem) {
      const item = new ClipboardItem({"text/plain": new Blob([plain], {type: "text/plain"}), "text/html": new Blob([html], {type: "text/html"})});
      await navigator.clipboard.write([item]);
    } else {
      await navigator.clipboard.writeText(plain);
    }
    return true;
  } catch {
    const held = Object.assign(document.createElement("textarea"), {value: plain, className: "sr"});
    document.body.append(held);
    held.select();
    const done = document.execCommand("copy");
    held.remove();
    return done;
  }
}

function say(words) {
  notice.textContent = words;
  notice.hidden = !words;
}

for (const button of $$("[data-copy]")) button.addEventListener("click", () => copy(button.dataset.copy));

// ---- keeping -------------------------------------------------------------------------------------------------------

function sayState(name, detail) {
  const kept = $("#kept");
  const at = detail ? new Date(detail).toLocaleTimeString(undefined, {hour: "2-digit", minute: "2-digit", hourCycle: "h23"}) : "";
  kept.textContent = {
    changed: "Kept on this device",
    saving: "Saving…",
    saved: `Saved ${at}`,
    same: keeper.id ? "Saved" : "",
    away: "Kept on this device",
    "no-room": "This browser keeps no copy; the server does",
    refused: `Not saved: ${detail ?? "the server refused it"}`,
  }[name];
  if (name === "away") setAway(true);
}

function adopt(sent, merged) {
  if (editor.text === sent) editor.become(merged);
}

function named(id) {
  form.dataset.draft = id;
  form.action = `/drafts/${id}`;
  $("#done").formAction = `/drafts/${id}/done`;
  $("#done").hidden = false;
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
    say("This draft was closed elsewhere. Your words are kept beside it; open it again under Drafts to go on.");
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
    say("The other text is kept among the versions of this draft.");
    editor.focus();
  };
  $("[data-keep=mine]", both).onclick = () => settle(editor.text);
  $("[data-keep=theirs]", both).onclick = () => settle(theirs.text);
  $("[data-keep=both]", both).onclick = () => settle(`${theirs.text.trimEnd()}\n\n${editor.text}`);
}

$("#done").addEventListener("click", async (event) => {
  event.preventDefault();
  if (!(await keeper.save())) {
    say("It is not on the server yet, so it cannot be marked as done. It is kept on this device.");
    return;
  }
  area.value = editor.text;
  form.requestSubmit(event.target);
}, {capture: true});

const kept = keeper.recover();
if (kept) {
  for (const field of fields) if (kept[field.name] !== undefined) field.value = kept[field.name];
  editor.become(kept.text);
} else if (started) {
  keeper.touch();
}

if (!server.id && !kept) {
  const [lost] = orphans(keeper.key);
  if (lost) offer(lost);
}

function offer(lost) {
  const box = $("#found-words");
  $("q", box).textContent = lost.text.trim().slice(0, 120);
  box.hidden = false;
  $("[data-take]", box).addEventListener("click", () => {
    editor.become(lost.text);
    discard(lost.key);
    box.hidden = true;
    editor.focus();
  });
  $("[data-leave]", box).addEventListener("click", () => {
    discard(lost.key);
    box.hidden = true;
  });
}

// ---- keyboard ------------------------------------------------------------------------------------------------------

const palette = new Palette($("#palette"), () => [
  {name: "Next remark", keys: "F8", run: () => step(1)},
  {name: "Previous remark", keys: "Shift+F8", run: () => step(-1)},
  {name: "Apply the first rewrite", keys: "Ctrl+.", run: () => applyFirst()},
  {name: "Write: go to the text", run: () => editor.focus()},
  {name: "Copy for Slack", run: () => copy("slack")},
  {name: "Copy for e-mail", run: () => copy("email")},
  {name: "Copy as Markdown", run: () => copy("markdown")},
  ...[...fields[0].options].map((one) => ({name: `Form: ${one.text.trim()}`, run: () => choose(fields[0], one.value)})),
  ...[...fields[1].options].map((one) => ({name: `Audience: ${one.text.trim()}`, run: () => choose(fields[1], one.value)})),
  {name: "Mark as done", run: () => $("#done").click()},
  {name: "Switch between light and dark", run: nextTheme},
  {name: "Open drafts", run: () => location.assign("/drafts")},
  {name: "Open rules", run: () => location.assign("/rules")},
  {name: "Open forms", run: () => location.assign("/forms")},
  {name: "New draft", run: () => location.assign("/?start=empty")},
]);

function choose(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("change"));
  editor.focus();
}

addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "k") palette.open();
  else if (command && event.key === ".") applyFirst();
  else if (event.key === "F8") step(event.shiftKey ? -1 : 1);
  else return;
  event.preventDefault();
});

$("#open-palette").addEventListener("click", () => palette.open());

document.body.classList.toggle("is-empty", !editor.text.trim());
if (revision === 0) {
  checked = 0;
  takeMarks();
  if (form.dataset.tz !== fields[2].value) check("recheck-now");
}
if (!editor.text && !matchMedia("(pointer: coarse)").matches) editor.focus();
