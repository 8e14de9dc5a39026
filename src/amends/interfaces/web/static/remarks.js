// The remarks in three places at once: underlined in the text, as cards in the rail, as steps above the text.
// One of them is the current one, wherever it was reached from: the cursor, a key, a click.

const $ = (selector, inside) => inside.querySelector(selector);

export class Remarks {
  #rail;
  #steps;
  #strip;
  #say;
  #editor;
  #current = null;
  #pinned = null;
  #last = 0;

  /** `strip` has words, fix: it shows the current remark where the rail is out of sight; `say` reads words out. */
  constructor({rail, steps, strip, say}) {
    this.#rail = rail;
    this.#steps = steps;
    this.#strip = strip;
    this.#say = say;
  }

  /** The keys that work inside the text. */
  get keys() {
    return [
      {key: "F8", run: () => this.step(1), shift: () => this.step(-1)},
      {key: "Alt-ArrowDown", run: () => this.step(1)},
      {key: "Alt-ArrowUp", run: () => this.step(-1)},
      {key: "Mod-.", run: () => this.applyFirst()},
    ];
  }

  /** Joins the remarks with the editor that they are drawn into. */
  attach(editor) {
    this.#editor = editor;
    this.#rail.addEventListener("click", (event) => this.#clicked(event));
    this.#rail.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches(".ignore input")) return;
      event.preventDefault();
      this.#ignore(event.target.closest(".remark"));
    });
    this.#steps.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (!button) return;
      const span = spanOf(button);
      if (span) editor.go(span);
      else this.#showMissing(button.dataset.move);
    });
    for (const part of [this.#steps, this.#rail]) {
      for (const kind of ["pointerover", "focusin"]) part.addEventListener(kind, (event) => editor.spot(spanOf(event.target)));
      for (const kind of ["pointerleave", "focusout"]) part.addEventListener(kind, () => editor.spot(null));
    }
  }

  /** The cursor moved to a remark, or to none (null). */
  cursor(key) {
    if (this.#pinned) this.#pin(null);
    this.#point(key);
  }

  /** The words of a remark were clicked: its card comes up, also from the fold. */
  open(key) {
    this.#pin(key);
    this.#show();
  }

  /** New remarks came; the current one stays where it still exists. */
  refresh() {
    if (this.#pinned) this.#pin(this.#card(this.#pinned) ? this.#pinned : null);
    this.#point(this.#editor.keyAtCursor());
  }

  /** Goes to the next (1) or the previous (-1) remark in the order of the rail, and reads it out. One without words is focused itself. */
  step(by, focus = true) {
    const all = this.#order();
    if (!all.length) {
      this.#say("No remarks.");
      return true;
    }
    const at = all.indexOf(this.#current);
    const key = all[((at < 0 ? this.#last + Math.min(by, 0) : at + by) + all.length) % all.length];
    const onWords = this.#card(key).dataset.on === "words";
    if (onWords) this.#editor.select(...this.#editor.placeOf(key));
    this.#pin(key);
    this.#show();
    if (focus && onWords) this.#editor.focus();
    else if (!onWords) this.#card(key).focus();
    return true;
  }

  /** Applies the first rewrite of the current remark, or of the first one that has any. */
  applyFirst() {
    const key = this.#current ?? this.#order().find((one) => $("[data-fix]", this.#card(one)));
    const card = this.#card(key);
    const button = card && $("[data-fix]", card);
    if (button) this.#fix(button);
    else this.#say("This remark has no ready rewrite.");
    return true;
  }

  #cards() {
    return [...this.#rail.querySelectorAll(".remark")];
  }

  #card(key) {
    return key ? $(`.remark[data-key="${CSS.escape(key)}"]`, this.#rail) : null;
  }

  #order() {
    return this.#cards().map((card) => card.dataset.key);
  }

  /** Makes a remark the current one until the cursor moves, and keeps its words lit. */
  #pin(key) {
    this.#pinned = key;
    this.#editor.hold(key && this.#card(key).dataset.on === "words" ? this.#editor.placeOf(key) : null);
    this.#point(key);
  }

  #point(key) {
    this.#current = this.#pinned ?? key;
    const all = this.#order();
    const at = all.indexOf(this.#current);
    if (at >= 0) this.#last = at;
    for (const card of this.#cards()) card.classList.toggle("is-current", card.dataset.key === this.#current);
    const card = this.#card(this.#current);
    const fix = card && $("[data-fix]", card);
    this.#strip.words.textContent = card ? `${at + 1} of ${all.length}: ${messageOf(card)}` : $("#marks", this.#rail).dataset.counts;
    this.#strip.fix.hidden = !fix;
    this.#strip.fix.textContent = card?.dataset.on === "words" ? "Rewrite" : "Add";
  }

  /** Unfolds the card of the current remark, brings it into view, and reads it out. */
  #show() {
    const card = this.#card(this.#current);
    card.closest("details")?.setAttribute("open", "");
    const rail = this.#rail;
    const above = card.getBoundingClientRect().top - rail.getBoundingClientRect().top;
    if (rail.scrollHeight > rail.clientHeight) rail.scrollTop += above - rail.clientHeight / 4;
    const all = this.#order();
    this.#say(`${all.indexOf(this.#current) + 1} of ${all.length}. ${$(".tag", card).textContent}: ${messageOf(card)}`);
  }

  #clicked(event) {
    const card = event.target.closest(".remark");
    const button = event.target.closest("button");
    if (button?.matches("[data-fix]")) this.#fix(button);
    else if (button?.matches("[data-ignore]")) this.#ignore(card);
    else if (button?.matches("[data-go]")) this.#editor.go(spanOf(button));
    else if (card?.dataset.on === "words" && !event.target.closest("a, summary, input, label")) {
      const place = this.#editor.placeOf(card.dataset.key);
      if (place) this.#editor.select(...place);
      this.#pin(card.dataset.key);
    }
  }

  #fix(button) {
    this.#pin(null);
    this.#editor.rewrite(Number(button.dataset.start), Number(button.dataset.end), button.dataset.text);
  }

  /** Puts a switch with its reason behind the line; without a reason it asks for one. */
  #ignore(card) {
    const input = $("input", card);
    const reason = input.value.trim().replace(/--+>?/g, "–").replace(/\s+/g, " ").replace(/^because\b[\s,:]*/i, "");
    input.setAttribute("aria-invalid", String(!reason));
    $(".ignore-error", card).hidden = Boolean(reason);
    if (reason) this.#editor.atLineEnd(Number(card.dataset.at), ` <!-- amends: ignore ${card.dataset.rule} because ${reason} -->`);
    else input.focus();
  }

  /** Leads from a step that is not lit to the remark that can put its sentence in. */
  #showMissing(move) {
    const card = $(`.remark[data-move="${CSS.escape(move)}"]`, this.#rail);
    if (!card) {
      this.#editor.focus();
      return;
    }
    this.#pin(card.dataset.key);
    this.#show();
    ($("[data-fix]", card) ?? $("summary, a", card))?.focus();
  }
}

function messageOf(card) {
  const message = $(".remark-message", card).cloneNode(true);
  $(".sr", message)?.remove();
  return message.textContent.trim();
}

/** The span of the checked text that an element speaks of, if any. */
function spanOf(target) {
  const carrier = target.closest?.("[data-start]");
  if (!carrier || carrier.dataset.start === "") return null;
  return [Number(carrier.dataset.start), Number(carrier.dataset.end)];
}
