// The pages of timelines: times in the reader's zone, and what opens inside the list.
import {once, takeZone} from "./zones.js";

const THIS_YEAR = new Date().getFullYear();

/** A time to the second, and to the part of it that its source told; the original stays where the reader points. */
function inReadersZone(part) {
  for (const time of part.querySelectorAll("time[data-clock]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const day = {day: "numeric", month: "short", ...(at.getFullYear() === THIS_YEAR ? {} : {year: "numeric"})};
    const fraction = /:\d\d(\.\d+)/.exec(time.dateTime)?.[1].replace(/0+$/, "") ?? "";
    const clock = at.toLocaleTimeString("en-GB", {hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23"});
    const zone = new Intl.DateTimeFormat(undefined, {timeZoneName: "short"}).formatToParts(at).find((one) => one.type === "timeZoneName").value;
    time.title ||= time.textContent;
    time.textContent = `${at.toLocaleDateString(undefined, day)}, ${clock}${fraction} ${zone}`;
  }
}

function take(part) {
  inReadersZone(part);
  takeZone(part);
}

take(document);
once(document.querySelectorAll("form:not([hx-post])"));
addEventListener("htmx:after:swap", () => take(document));

// What was opened is closed by the same button.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const place = opener && document.getElementById(opener.dataset.open);
  if (!place || !place.childElementCount) return;
  place.replaceChildren();
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// ---- the picture: what it shows narrows the list, and what is chosen in it is gone to ----------------------------------

const idOf = (view, at) => view.model.id[at].split("/")[0];

function narrow(view, places) {
  const all = places.length === view.model.size;
  const shown = new Set(all ? [] : Array.from(places, (at) => idOf(view, at)));
  const items = [...document.querySelectorAll(".entries > .entry")];
  for (const one of items) one.hidden = !all && !shown.has(one.id.replace(/^(entry|promise|update)-/, ""));
  const left = items.filter((one) => !one.hidden).length;
  const note = document.querySelector("#narrowed");
  note.hidden = all;
  note.textContent = `${left} of ${items.length} are left in this list by what the picture shows.`;
}

function goTo(view, at, here) {
  const id = idOf(view, at);
  const item = ["entry", "promise", "update"].map((kind) => document.getElementById(`${kind}-${id}`)).find(Boolean);
  if (!item) return location.assign(`${here}?at=${encodeURIComponent(id)}#entry-${encodeURIComponent(id)}`);
  for (const one of document.querySelectorAll(".entry.is-here")) one.classList.remove("is-here");
  item.hidden = false;
  item.classList.add("is-here");
  item.tabIndex = -1;
  item.focus({preventScroll: true});
  item.scrollIntoView({block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth"});
}

async function draw(place) {
  const [{mount}, payload] = await Promise.all([import("./timeline/page.js"), fetch(place.dataset.payload).then((answer) => answer.json())]);
  if (!payload.entries.length) return;
  place.hidden = false;
  const view = mount(place, payload);
  const show = view.list.show.bind(view.list);
  view.list.show = (places, nothing) => {
    show(places, nothing);
    narrow(view, places);
  };
  view.open = (at) => {
    view.picture.select(at);
    goTo(view, at, place.dataset.here);
  };
}

const place = document.querySelector("#picture");
if (place) draw(place);
