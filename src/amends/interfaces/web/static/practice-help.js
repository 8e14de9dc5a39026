// Help while somebody writes a turn: the words that a remark is about are underlined in the text, and at most three remarks stand under it.
import {difference} from "./joining.js";

const PAUSE_MS = 400;

export class Help {
  #area;
  #mirror;
  #list;
  #shown;
  #say;
  #address;
  #timer = 0;
  #asked = 0;
  #text = "";
  #marks = [];

  /** Asks at `address` about the words of `area`, and shows remarks in `list` if `shown`; `say` reads out how many there are now. */
  constructor({area, list, address, shown, say}) {
    this.#say = say;
    this.#area = area;
    this.#mirror = area.parentElement.querySelector(".mirror");
    this.#list = list;
    this.#address = address;
    this.#shown = shown;
    area.addEventListener("input", () => this.touch());
    this.#draw();
  }

  touch() {
    this.#draw();
    if (!this.#shown) return;
    clearTimeout(this.#timer);
    if (this.#area.value.trim()) this.#timer = setTimeout(() => this.#show(), PAUSE_MS);
    else this.#clear();
  }

  /** Where in the text the sentence begins that owns what happened; null where none does, or nobody could say. */
  async place() {
    const part = await this.#ask();
    const at = part?.querySelector("[data-owned]")?.dataset.owned;
    return at ? Number(at) : null;
  }

  #clear() {
    this.#asked += 1;
    this.#marks = [];
    if (this.#list.childElementCount) this.#say("");
    this.#list.replaceChildren();
    this.#list.hidden = true;
    this.#draw();
  }

  async #show() {
    this.#asked += 1;
    const [mine, text] = [this.#asked, this.#area.value];
    const part = await this.#ask();
    if (!part || mine !== this.#asked) return;
    const before = this.#list.childElementCount;
    this.#list.replaceChildren(...part.querySelectorAll("li"));
    const now = this.#list.childElementCount;
    if (now !== before) this.#say(now === 1 ? "One remark on what you write." : `${now || "No"} remarks on what you write.`);
    this.#list.hidden = !this.#list.childElementCount;
    this.#text = text;
    this.#marks = JSON.parse(part.querySelector("[data-marks]")?.dataset.marks ?? "[]");
    this.#draw();
  }

  async #ask() {
    try {
      const answer = await fetch(this.#address, {
        method: "POST", headers: {"hx-request": "true"}, body: new URLSearchParams(new FormData(this.#area.form)),
      });
      return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").body : null;
    } catch {
      return null; // away: the words are kept, and remarks come back with the next pause
    }
  }

  /** Draws the marks behind the words; they move with what is typed until the server has answered. */
  #draw() {
    const {from, to, insert} = difference(this.#text, this.#area.value);
    const grown = insert.length - (to - from);
    const moved = (place, end) => (place <= from && (end || place < from) ? place : place >= to ? place + grown : end ? from : from + insert.length);
    if (from !== to || insert) this.#marks = this.#marks.map(([start, end, how]) => [moved(start, false), moved(end, true), how]);
    this.#text = this.#area.value;
    const parts = [];
    let at = 0;
    for (const [start, end, how] of this.#marks) {
      if (end <= start || start < at) continue;
      const mark = document.createElement("span");
      mark.className = `found found-${how}`;
      mark.textContent = this.#text.slice(start, end);
      parts.push(this.#text.slice(at, start), mark);
      at = end;
    }
    this.#mirror.replaceChildren(...parts, `${this.#text.slice(at)}\n`);
  }
}
