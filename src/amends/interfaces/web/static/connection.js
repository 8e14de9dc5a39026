// Whether the checker answers. While it does not, a banner says so and that the words are safe; we ask again, less and less often.

const FIRST_MS = 1500;
const SLOWER = 1.6;
const SLOWEST_MS = 20000;

export class Connection {
  #banner;
  #onBack;
  #onLost;
  #away = false;
  #timer = 0;
  #asked = 0;

  /** `onBack` runs when the checker answers again, `onLost` when it stops. */
  constructor(banner, {onBack, onLost}) {
    this.#banner = banner;
    this.#onLost = onLost;
    this.#onBack = onBack;
    addEventListener("online", () => this.#away && this.#ask());
    addEventListener("offline", () => this.lost());
  }

  get away() {
    return this.#away;
  }

  /** A request got no answer. */
  lost() {
    if (this.#away) return;
    this.#away = true;
    this.#asked = 0;
    this.#banner.hidden = false;
    this.#onLost();
    this.#later();
  }

  /** A request was answered. */
  found() {
    if (!this.#away) return;
    this.#away = false;
    clearTimeout(this.#timer);
    this.#banner.hidden = true;
    this.#onBack();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), Math.min(FIRST_MS * SLOWER ** this.#asked, SLOWEST_MS));
    this.#asked += 1;
  }

  async #ask() {
    try {
      if ((await fetch("/healthz", {cache: "no-store"})).ok) {
        this.found();
        return;
      }
    } catch {
      // no answer: still away
    }
    this.#later();
  }
}
