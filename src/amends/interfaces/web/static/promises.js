// Pages where something is due: times count down by the server's clock, and fields for a time take the reader's zone.
import {once, takeZone} from "./zones.js";

const MINUTE = 60_000;
const HOUR_MIN = 60;

const page = document.querySelector("[data-now]");
const ahead = Date.parse(page.dataset.now) - Date.now();
const now = () => Date.now() + ahead;

// ---- counting down -----------------------------------------------------------------------------------------------

function length(minutes) {
  const all = Math.max(1, minutes);
  const hours = Math.floor(all / HOUR_MIN);
  if (hours >= 24) return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
  return [hours && `${hours} h`, all % HOUR_MIN && `${all % HOUR_MIN} min`].filter(Boolean).join(" ");
}

/** How far a due time is away; the whole promised minute is still in time. */
function away(due) {
  const left = due - now();
  if (left > 0) return `in ${length(Math.ceil(left / MINUTE))}`;
  return isOver(due) ? `${length(Math.floor(-left / MINUTE))} ago` : "now";
}

function isOver(due) {
  return now() >= Math.floor(due / MINUTE) * MINUTE + MINUTE;
}

function show(card) {
  const due = Date.parse(card.dataset.due);
  const became = isOver(due) ? "missed" : due - now() <= (card.dataset.soon ?? HOUR_MIN) * MINUTE ? "soon" : "quiet";
  if (became === "quiet" || card.classList.contains(`tone-${became}`) || card.classList.contains("tone-missed")) return;
  card.classList.remove("tone-quiet", "tone-soon");
  card.classList.add(`tone-${became}`);
  const says = became === "missed" ? card.dataset.late ?? "Missed" : "Due soon";
  const words = (card.querySelector(".promise-words, .due-title") ?? document.querySelector("h1")).textContent.trim();
  card.querySelector("[data-state]").textContent = says;
  const spoken = document.querySelector("#spoken");
  if (spoken) spoken.textContent = `${says}: ${words}`;
}

let timer = 0;

function count() {
  clearTimeout(timer);
  for (const one of document.querySelectorAll("[data-over]")) {
    if (isOver(Date.parse(one.dataset.over))) one.replaceWith("A promise was missed just now. Say so, and what holds now.");
  }
  for (const one of document.querySelectorAll("[data-away]")) {
    const says = away(Date.parse(one.dataset.away));
    if (one.textContent !== says) one.textContent = says;
  }
  for (const card of document.querySelectorAll("[data-due]")) show(card);
  timer = setTimeout(count, MINUTE - (now() % MINUTE) + 20);
}

count();
document.addEventListener("visibilitychange", () => document.hidden || count());
document.addEventListener("amends:swapped", (event) => {
  takeZone(event.detail.part);
  count();
});

takeZone(document);
once(document.querySelectorAll("main form, aside form"));
