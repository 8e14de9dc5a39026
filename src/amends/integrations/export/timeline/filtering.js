// The tools above the list: words to search for, four facets with counts, the zone, and how many entries are left.

import { el, number, whenQuiet } from "./dom.js";
import { FACETS } from "./filter.js";

export class Filtering {
  #page;
  #panels = {};

  /** `page` has model, filter, window, zones, zone, setZone(zone), filtered(), help(), ends. */
  constructor(page) {
    this.#page = page;
    const soon = whenQuiet(60, () => page.filtered());
    this.input = el("input.tl-input", {
      type: "search", placeholder: "timeout -retry \"exact words\"",
      "aria-label": "Filter by words; a minus leaves out, quotes keep words together",
      "aria-keyshortcuts": "/", autocomplete: "off", spellcheck: false,
      oninput: () => {
        page.filter.query = this.input.value;
        soon();
      },
    });
    this.said = el("p.tl-said");
    const button = (words, title, run) => el("button.tl-button", {type: "button", title, "aria-label": title, onclick: run}, words);
    this.clear = button("Clear", "Clear the filter", () => page.clearFilter());
    const help = button("?", "Help: keys and marks", () => page.help());
    const facets = Object.keys(FACETS).map((name) => this.#facet(name));
    const parts = [this.input, ...facets, this.#zones(), this.clear, this.said, help];
    this.part = el("div.tl-tools", {role: "search", "aria-label": "Filter"}, ...parts);
    document.addEventListener("pointerdown", (event) => this.#closeBut(event.target), {signal: page.ends});
  }

  /** Brings what is shown in line with the filter. */
  refresh(shown) {
    const {model, filter} = this.#page;
    if (this.input.value !== filter.query) this.input.value = filter.query;
    this.said.replaceChildren(el("b", {}, number(shown)), ` of ${number(model.size)} shown`);
    this.clear.hidden = !filter.isOn;
    for (const [name, panel] of Object.entries(this.#panels)) {
      const chosen = filter.chosen[name].size;
      panel.summary.textContent = chosen ? `${FACETS[name].title} (${chosen})` : FACETS[name].title;
      panel.summary.classList.toggle("is-on", chosen > 0);
      if (panel.part.open) this.#count(name);
    }
  }

  /** Closes what hangs open; whether there was anything. */
  close() {
    const open = Object.values(this.#panels).filter((panel) => panel.part.open);
    for (const panel of open) {
      panel.part.open = false;
      panel.summary.focus();
    }
    return open.length > 0;
  }

  #closeBut(target) {
    for (const {part} of Object.values(this.#panels)) if (!part.contains(target)) part.open = false;
  }

  #facet(name) {
    const {filter, model} = this.#page;
    const present = new Set(name === "why" ? [] : model[name]);
    const used = name === "why" ? model.why.reduce((bits, one) => bits | one, 0) : 0;
    const boxes = FACETS[name].of(model).map((label, value) => {
      if (name === "why" ? !(used & (1 << value)) : !present.has(value)) return null;
      const box = el("input", {type: "checkbox", onchange: () => {
        if (box.checked) filter.chosen[name].add(value);
        else filter.chosen[name].delete(value);
        this.#page.filtered();
      }});
      const count = el("small");
      return {value, box, count, part: el("label.tl-choice", {}, box, el("span", {}, label), count)};
    }).filter(Boolean);
    const summary = el("summary.tl-button", {}, FACETS[name].title);
    const panel = el("fieldset.tl-panel", {}, el("legend.tl-sr", {}, FACETS[name].title), ...boxes.map((one) => one.part));
    const part = el("details.tl-facet", {hidden: boxes.length < 2, ontoggle: () => part.open && this.#count(name)}, summary, panel);
    this.#panels[name] = {part, summary, boxes};
    return part;
  }

  #count(name) {
    const {filter, window} = this.#page;
    const counts = filter.counts(name, window);
    for (const {value, box, count} of this.#panels[name].boxes) {
      box.checked = filter.chosen[name].has(value);
      count.textContent = number(counts[value]);
    }
  }

  #zones() {
    const {zones, model} = this.#page;
    const isAssumed = (zone) => zone.name === model.head.zone && zone.name !== "UTC";
    const told = (zone, at) => `${zone.name}${at === 0 ? " (yours)" : isAssumed(zone) ? " (assumed)" : ""}`;
    this.zone = el("select.tl-input.tl-zone", {"aria-label": "Times in the zone", onchange: () => this.#page.setZone(this.zone.value)},
      ...zones.map((zone, at) => el("option", {value: zone.name}, told(zone, at))));
    return this.zone;
  }
}
