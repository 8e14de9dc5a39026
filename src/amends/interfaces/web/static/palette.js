// Every action by name: Ctrl+K opens a list that narrows as one types.

import {nextTheme} from "./theme.js";

/** What can be done on every page. */
export const EVERYWHERE = [
  {name: "Open an incident: what happened?", keys: "N", run: () => location.assign("/#what")},
  {name: "Open today", keys: "T", run: () => location.assign("/")},
  {name: "Open incidents", keys: "I", run: () => location.assign("/incidents")},
  {name: "Search everything", keys: "/", run: () => location.assign("/search")},
  {name: "Open action items", keys: "A", run: () => location.assign("/actions")},
  {name: "New draft", keys: "W", run: () => location.assign("/write?start=empty")},
  {name: "Open drafts", run: () => location.assign("/drafts")},
  {name: "Open promises", keys: "P", run: () => location.assign("/promises")},
  {name: "Write a promise down", run: () => location.assign("/promises#words")},
  {name: "Plan an absence", run: () => location.assign("/promises/absence")},
  {name: "Practise a conversation", run: () => location.assign("/practice")},
  {name: "Open timelines", run: () => location.assign("/timelines")},
  {name: "Compare two tellings of an incident", run: () => location.assign("/compare")},
  {name: "Open rules", run: () => location.assign("/rules")},
  {name: "Open forms", run: () => location.assign("/forms")},
  {name: "Open settings", run: () => location.assign("/settings")},
  {name: "Switch between light and dark", run: nextTheme},
];

const ASK_MS = 150;

export class Palette {
  #dialog;
  #input;
  #list;
  #shown = [];
  #at = 0;
  #offered = [];
  #asking = 0;

  /** `commands` returns [{name, keys?, run}] as they stand when the palette opens. */
  constructor(dialog, commands) {
    this.#dialog = dialog;
    this.#input = dialog.querySelector("input");
    this.#list = dialog.querySelector("[role=listbox]");
    this.commands = commands;
    this.#input.addEventListener("input", () => {
      this.#offered = [];
      this.#show();
      clearTimeout(this.#asking);
      this.#asking = setTimeout(() => this.#ask(), ASK_MS);
    });
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#run(Number(option.dataset.at));
    });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }

  open() {
    this.#input.value = "";
    this.#offered = [];
    this.#at = 0;
    this.#show();
    this.#dialog.showModal();
    this.#input.focus();
  }

  #show() {
    const wanted = this.#input.value.trim().toLowerCase().split(/\s+/);
    this.#shown = this.commands().filter((one) => wanted.every((word) => one.name.toLowerCase().includes(word)));
    this.#shown.push(...this.#offered);
    this.#at = Math.min(this.#at, Math.max(0, this.#shown.length - 1));
    this.#list.replaceChildren(...this.#shown.map((one, at) => this.#option(one, at)));
    if (!this.#shown.length) {
      const nothing = document.createElement("li");
      nothing.className = "nothing";
      nothing.textContent = "No action of that name. Try “open”, “write”, or words of an incident.";
      this.#list.append(nothing);
    }
    this.#point();
  }

  /** Incidents and action items with these words, below the commands; without the server there are only these. */
  async #ask() {
    const words = this.#input.value.trim();
    if (words.length < 2) return;
    try {
      const answer = await fetch(`/search/offers?${new URLSearchParams({q: words})}`);
      if (!answer.ok || words !== this.#input.value.trim() || !this.#dialog.open) return;
      const found = await answer.json();
      this.#offered = found.map((one) => ({name: one.name, keys: one.kind, run: () => location.assign(one.href)}));
      this.#show();
    } catch {
      // away: the commands are there all the same
    }
  }

  #option(command, at) {
    const option = document.createElement("li");
    option.id = `palette-${at}`;
    option.dataset.at = at;
    option.setAttribute("role", "option");
    option.append(command.name);
    if (command.keys) {
      const keys = document.createElement("kbd");
      keys.textContent = command.keys;
      option.append(keys);
    }
    return option;
  }

  #point() {
    for (const option of this.#list.querySelectorAll("[role=option]")) {
      const here = Number(option.dataset.at) === this.#at;
      option.setAttribute("aria-selected", String(here));
      if (here) option.scrollIntoView({block: "nearest"});
    }
    if (this.#shown.length) this.#input.setAttribute("aria-activedescendant", `palette-${this.#at}`);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step && this.#shown.length) {
      this.#at = (this.#at + step + this.#shown.length) % this.#shown.length;
      this.#point();
      event.preventDefault();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#run(this.#at);
    }
  }

  #run(at) {
    const command = this.#shown[at];
    if (!command) return;
    this.#dialog.close();
    command.run();
  }
}
