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
