// Single keys of the quiet pages: to a place, through a list, and a list of them all at "?". Whoever does not want them switches them off there.

const GO = {t: "/", n: "/#what", i: "/incidents", w: "/write?start=empty", p: "/promises", a: "/actions", "/": "/search"};
const LISTS = ".due-title a, .row-main[href], .promise-words a, .story-words a, .entry-title a";
const KEPT = "amends-keys";
const help = document.querySelector("#keys");
const offered = help?.querySelector("input");

const isOff = () => localStorage.getItem(KEPT) === "off";

function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select") || target.closest("dialog, #picture"));
}

/** The next or the last thing of the lists of this page, from where the focus is. */
function step(by) {
  const all = [...document.querySelectorAll(LISTS)].filter((one) => one.checkVisibility());
  if (!all.length) return;
  const at = all.indexOf(document.activeElement);
  all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length].focus();
}

function go(key) {
  const what = document.querySelector("#what");
  const search = document.querySelector("main [type=search]");
  if (key === "n" && what) what.focus();
  else if (key === "/" && search) search.focus();
  else location.assign(GO[key]);
}

export function listen() {
  if (!help) return;
  offered.checked = !isOff();
  offered.addEventListener("change", () => localStorage.setItem(KEPT, offered.checked ? "on" : "off"));
  if (location.hash === "#what") document.querySelector("#what")?.focus();
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (document.querySelector("dialog[open], #picture:not([hidden])")) return;
    if (event.key === "?") help.showModal();
    else if (isOff()) return;
    else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    else if (event.key in GO) go(event.key);
    else return;
    event.preventDefault();
  });
}

export const showKeys = () => help?.showModal();
