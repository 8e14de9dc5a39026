// What the quiet pages do beyond their links: the palette, and lists that narrow while one types.
import {listen, showKeys} from "./keys.js";
import {EVERYWHERE, Palette} from "./palette.js";

document.documentElement.classList.add("live");

/** The pages of the incident that this page belongs to. */
function ofThisIncident() {
  const name = (tab) => ({name: `This incident: ${tab.textContent.trim().toLowerCase()}`, run: () => location.assign(tab.href)});
  return [...document.querySelectorAll("nav.tabs a:not([aria-current])")].map(name);
}

const palette = new Palette(document.querySelector("#palette"), () => [
  ...ofThisIncident(), ...EVERYWHERE, {name: "Show the keys", keys: "?", run: showKeys},
]);
listen();
document.querySelector("#open-palette").addEventListener("click", () => palette.open());
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
  palette.open();
  event.preventDefault();
});

const filter = document.querySelector("[data-filter]");
filter?.addEventListener("input", () => {
  const wanted = filter.value.toLowerCase().split(/\s+/);
  const rows = [...document.querySelectorAll(filter.dataset.filter)];
  for (const row of rows) row.hidden = !wanted.every((word) => row.textContent.toLowerCase().includes(word));
  for (const section of document.querySelectorAll("main section")) section.hidden = !section.querySelector(".row:not([hidden])");
  document.querySelector("#no-row").hidden = rows.some((row) => !row.hidden);
});
