// The light and dark switch of every page; the cookie lets the server answer in the chosen theme from the first byte on.
document.documentElement.classList.add("js");

const ORDER = ["auto", "light", "dark"];
const form = document.querySelector("#theme");

export function nextTheme() {
  const now = document.documentElement.dataset.theme ?? "auto";
  const next = ORDER[(ORDER.indexOf(now) + 1) % ORDER.length];
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  document.cookie = `amends-theme=${next}; Path=/; Max-Age=31536000; SameSite=Lax`;
  form.querySelector("[data-said]").textContent = form.dataset[next];
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  nextTheme();
});

// What hangs from the bar closes when one goes on elsewhere.
const more = document.querySelector(".more");
addEventListener("click", (event) => more?.contains(event.target) || more?.removeAttribute("open"));
more?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !more.open) return;
  more.open = false;
  more.querySelector("summary").focus();
});

// Sentences that the server writes tell the time by the reader's clock, from the second page on.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`amends-zone=${encodeURIComponent(zone)}`)) {
  document.cookie = `amends-zone=${encodeURIComponent(zone)}; Path=/; Max-Age=31536000; SameSite=Lax`;
}

// Of tabs that a phone has no room for, the one that is shown is in sight.
const tab = document.querySelector("nav.tabs [aria-current]");
if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2;

const CLOCK = {day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short"};

/** Times in the reader's zone; what the server wrote stays where the reader points. */
function inReadersZone() {
  for (const time of document.querySelectorAll("time[data-local]:not([data-turned])")) {
    const at = new Date(time.dateTime);
    const exactly = time.dataset.local ? {weekday: "short", ...(at.getFullYear() === new Date().getFullYear() ? {} : {year: "numeric"})} : {};
    time.title ||= time.textContent;
    time.textContent = at.toLocaleString(undefined, {...CLOCK, ...exactly});
    time.dataset.turned = "";
  }
}

inReadersZone();
for (const event of ["htmx:after:swap", "amends:swapped"]) document.addEventListener(event, inReadersZone);
