// A conversation that is practised: what is written is kept here until it is sent, the answer is read out, and speaking stays in this page.
// Without this script the form is sent, and the page comes again with the answer.
import {Help} from "./practice-help.js";
import {told} from "./practice-sound.js";
import {Recording, agree, canRecord, hasAgreed, hush, readAloud, whenVoiced, writesDown} from "./practice-voice.js";

const KEPT = "amends-practice:";
const ALOUD = "amends-practice-aloud";
const $ = (selector, inside = document) => inside.querySelector(selector);
const form = $("#say");

// ---- what is written is kept in this browser until it is sent --------------------------------------------------------

const turn = () => $("[name=turn]", form).value;
const place = () => `${KEPT}${form.dataset.key}:${turn()}`;

function keep() {
  if (!form.dataset.key) return;
  try {
    if (area.value.trim()) localStorage.setItem(place(), area.value);
    else localStorage.removeItem(place());
    $("#kept").textContent = area.value.trim() ? "Kept in this browser until you send it." : "";
  } catch {
    $("#kept").textContent = ""; // a browser that keeps nothing
  }
}

/** Forgets what was kept of this conversation, but for the turn that is written now. */
function tidy(all = false) {
  const mine = form.dataset.key ? `${KEPT}${form.dataset.key}:` : null;
  try {
    for (const name of Object.keys(localStorage)) if (mine && name.startsWith(mine) && (all || name !== place())) localStorage.removeItem(name);
  } catch {
    // nothing was kept
  }
}

function recover() {
  if (!form.dataset.key) return;
  try {
    area.value ||= localStorage.getItem(place()) ?? "";
  } catch {
    return;
  }
  if (area.value) keep(); // typed before this script was there, or found again
}

// ---- sending a turn ------------------------------------------------------------------------------------------------

let busy = false;

function refuse(words) {
  $("#refused").textContent = words;
  if (words) $("#refused").scrollIntoView({block: "nearest"});
}

/** What makes the words too many for a turn; empty where they are not. */
function tooMany() {
  const most = Number(form.dataset.most);
  const now = area.value.length > most ? [...area.value].length : 0;
  const figure = (one) => one.toLocaleString("en");
  return now > most ? `A turn has at most ${figure(most)} characters, this one has ${figure(now)}. Say one thing at a time.` : "";
}

async function send() {
  if (busy) return;
  if (!area.value.trim()) {
    refuse("Nothing is written yet.");
    area.focus();
    return;
  }
  if (tooMany()) {
    refuse(tooMany());
    return;
  }
  busy = true;
  form.setAttribute("aria-busy", "true");
  refuse("");
  try {
    await measure(true);
    const answer = await fetch(form.action, {method: "POST", headers: {"hx-request": "true"}, body: new URLSearchParams(new FormData(form))});
    take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    refuse("The server did not answer. Your words are still here; send them again.");
  } finally {
    busy = false;
    form.removeAttribute("aria-busy");
  }
}

function take(part) {
  if ($("#over", part)) end(part);
  else if ($("#talk", part)) go(part);
  else refuse($("hx-partial:last-of-type", part)?.textContent.trim() || "It could not be sent. Your words are still here; load the page again.");
}

/** The conversation goes on: the new turn comes in, and what stood open before is folded. */
function go(part) {
  const fresh = [...part.querySelectorAll("#talk > li[id]")].filter((one) => !document.getElementById(one.id));
  if (fresh.length) for (const one of document.querySelectorAll("#talk .findings[open]")) one.open = false;
  $("#talk").append(...fresh);
  if (fresh.length) $("#opening-brief")?.remove();
  for (const name of ["gauge", "count", "asked", "carried", "refused", "ending"]) $(`#${name}`).replaceWith($(`#${name}`, part));
  if ($("#refused").textContent.trim()) {
    $("#refused").scrollIntoView({block: "nearest"});
    return;
  }
  area.value = "";
  recording.drop();
  tidy();
  show();
  $("#kept").textContent = "";
  area.dispatchEvent(new Event("input"));
  const last = fresh.at(-1);
  if (last) {
    $("#spoken").textContent = last.dataset.said;
    aloud(last);
  }
  area.focus({preventScroll: true});
  toNewest();
}

/** The newest answer comes into sight with the field below it; where both do not fit, the answer from its beginning. */
function toNewest() {
  const answer = $("#talk > li:last-child .replies");
  const room = innerHeight - $(".gauge-strip").offsetHeight;
  if (form.getBoundingClientRect().bottom - answer.getBoundingClientRect().top > room) answer.scrollIntoView({block: "start"});
  else form.scrollIntoView({block: "end"});
}

/** It is over: the look back takes the place of the conversation. */
function end(part) {
  tidy(true);
  recording.drop();
  const main = $("#main");
  main.className = "column practice-over";
  main.replaceChildren(...part.body.childNodes);
  document.body.classList.remove("is-talking");
  document.title = `${$("#over").textContent} ${document.title}`;
  aloud(main);
  document.dispatchEvent(new CustomEvent("amends:swapped", {detail: {part: main}}));
  scrollTo(0, 0);
  $("#over").focus({preventScroll: true});
}

// ---- speaking ------------------------------------------------------------------------------------------------------

const recording = new Recording();
let writes = "none";

function say(words) {
  $("#speak-state").textContent = words;
}

/** The panel as the recording stands. */
function show() {
  const {going, done} = recording;
  $("#speak-go").textContent = going ? "Stop" : done ? "Record again" : "Record";
  for (const name of ["again", "drop", "told", "type"]) $(`#speak-${name}`).hidden = going || !done;
  if (!done) $("#delivery").replaceChildren();
}

/** Tells how it was spoken, and puts the numbers into the form; where the owning sentence stands is asked for only on the way out. */
async function measure(sending = false) {
  if (!recording.done || !area.value.trim()) return;
  const how = told(recording.runs, area.value, sending || form.dataset.check ? await help.place() : null);
  const rows = [
    ["Time", `${how.seconds} s`], ["Pace", how.pace === null ? "too short to tell" : `${how.pace} words a minute`],
    ["Long pauses", how.ownership_at === null ? String(how.pauses) : `${how.pauses} before you own it, at ${how.ownership_at} s`],
    ["Fillers", String(how.fillers)],
  ];
  $("#speak-told").replaceChildren(...rows.flatMap(([name, value]) => [
    Object.assign(document.createElement("dt"), {textContent: name}), Object.assign(document.createElement("dd"), {textContent: value}),
  ]));
  const sent = ["seconds", "pauses", "longest_pause", "fillers", "ownership_at"].filter((name) => how[name] !== null);
  $("#delivery").replaceChildren(...sent.map((name) => Object.assign(document.createElement("input"), {type: "hidden", name, value: how[name]})));
}

async function record() {
  const button = $("#speak-go");
  if (recording.going) {
    button.disabled = true;
    const words = await recording.stop().catch(() => "");
    button.disabled = false;
    say(recording.done ? "Recorded. Only you have it." : "No voice was to be heard. Try once more, or type.");
    if (words) {
      area.value = `${area.value} ${words}`.trim();
      area.dispatchEvent(new Event("input"));
    }
    area.focus();
  } else {
    hush();
    try {
      await recording.start(writes === "local" || (writes === "maker" && hasAgreed()), writes === "local");
      say("Recording. Speak to them, then stop.");
    } catch {
      say("This browser gives no microphone to this page. Type what you would say.");
    }
  }
  show();
  measure();
}

function play() {
  const sound = $("#speak-sound");
  if (sound.src !== recording.url) sound.src = recording.url;
  sound.currentTime = 0;
  sound.play();
}

async function offerSpeech() {
  const open = $("#speak-open");
  const panel = $("#speak");
  if (!canRecord()) return;
  const unfold = (does) => {
    panel.hidden = !does;
    open.setAttribute("aria-expanded", String(does));
  };
  open.hidden = false;
  if (form.dataset.spoken === "yes") form.before(panel);
  open.addEventListener("click", () => unfold(panel.hidden));
  $("#speak-go").addEventListener("click", record);
  $("#speak-again").addEventListener("click", play);
  $("#speak-drop").addEventListener("click", () => {
    recording.drop();
    say("Thrown away.");
    show();
  });
  writes = await writesDown();
  if (writes === "local") say("Your voice stays on this device, which writes down what you say.");
  if (writes !== "maker") return;
  $("#speak-consent").hidden = false;
  $("#speak-who").textContent = "This browser cannot write it down on this device. It can send your voice to its maker (Google for Chrome, Microsoft for Edge, Apple for Safari), who hears it under their own terms; this server gets the words. Otherwise type what you said.";
  const agreed = $("#speak-agreed");
  agreed.checked = hasAgreed();
  agreed.addEventListener("change", () => agree(agreed.checked));
}

function aloud(inside) {
  if (localStorage.getItem(ALOUD) !== "yes") return;
  readAloud([...inside.querySelectorAll(".theirs .said-words, .outside .said-words")].map((one) => one.textContent).slice(-3).join(" "));
}

function offerAloud() {
  const box = $("input", $("#aloud"));
  $("#aloud").hidden = false;
  box.checked = localStorage.getItem(ALOUD) === "yes";
  box.addEventListener("change", () => {
    localStorage.setItem(ALOUD, box.checked ? "yes" : "no");
    if (box.checked) aloud($("#talk > li:last-child"));
    else hush();
  });
}

// ---- begin -----------------------------------------------------------------------------------------------------------

let area;
let help;
if (form) {
  area = $("#text");
  recover();
  tidy();
  help = new Help({area, list: $("#help"), address: form.dataset.place, shown: Boolean(form.dataset.check), say: (words) => {
    $("#spoken").textContent = words;
  }});
  area.addEventListener("input", () => {
    keep();
    if (tooMany() || $("#refused").textContent) refuse(tooMany());
    if (recording.done) measure();
  });
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  });
  let going = false;
  form.addEventListener("submit", (event) => {
    if (event.submitter?.matches(".leave")) {
      going = true;
      tidy(true);
      return;
    }
    event.preventDefault();
    send();
  });
  if (!form.dataset.key) {
    addEventListener("beforeunload", (event) => {
      if (!going && $("#talk") && (turn() !== "1" || area.value.trim())) event.preventDefault(); // a group's words are in this page alone
    });
  }
  addEventListener("pagehide", () => {
    recording.drop();
    hush();
  });
  area.focus({preventScroll: true});
  if ($("#talk > li:nth-child(2)")) toNewest();
  else scrollTo(0, 0);
  if (area.value) help.touch();
  offerSpeech();
  whenVoiced(offerAloud);
  form.dataset.ready = "yes";
}

// What you know hangs from the gauge, and closes like every fold that hangs from a bar.
const known = $(".talk-brief");
addEventListener("click", (event) => known?.contains(event.target) || known?.removeAttribute("open"));
known?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !known.open) return;
  known.open = false;
  $("summary", known).focus();
});
