// Keeps the words: on this device first, with every few keystrokes, then on the server. Neither text is ever dropped:
// when both changed, the page shows both and the person decides.

const PREFIX = "amends:draft:";
const LOCAL_MS = 150;
const SERVER_MS = 800;
const RETRY_MS = [2000, 4000, 8000, 15000, 30000];

/** The time on the reader's clock, as the line that says when it was saved. */
export function clockTime(at) {
  return at.toLocaleTimeString(undefined, {hour: "2-digit", minute: "2-digit", hourCycle: "h23"});
}

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

function store(key, value) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function forget(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // a browser that refuses storage keeps nothing to forget
  }
}

function tabKey(fresh) {
  const made = () => `new-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
  try {
    const known = sessionStorage.getItem("amends:tab");
    const key = !fresh && known ? known : made();
    sessionStorage.setItem("amends:tab", key);
    return key;
  } catch {
    return made();
  }
}

function endTab() {
  try {
    sessionStorage.removeItem("amends:tab");
  } catch {
    // nothing was kept there
  }
}

/** Texts of this browser that never reached the server, but for the one of this tab. */
export function orphans(own) {
  const found = [];
  try {
    for (let at = 0; at < localStorage.length; at += 1) {
      const name = localStorage.key(at);
      if (!name.startsWith(`${PREFIX}new-`) || name === PREFIX + own) continue;
      const record = stored(name.slice(PREFIX.length));
      if (record?.text?.trim()) found.push({key: name.slice(PREFIX.length), ...record});
    }
  } catch {
    return [];
  }
  return found.sort((a, b) => b.at - a.at);
}

export function discard(key) {
  forget(key);
}

function sameContent(one, other) {
  return ["text", "form", "audience", "tz"].every((name) => (one[name] ?? "") === (other[name] ?? ""));
}

export class Keeper {
  #key;
  #record;
  #clean;
  #read;
  #on;
  #localTimer = 0;
  #serverTimer = 0;
  #saving = null;
  #tries = 0;
  #held = false;
  #address;
  #begins;
  #unanswered = null;

  /**
   * `server` is what the page came with: {id, version, text, form, audience, tz}; `read` returns the fields as they are now;
   * `on` has state(name, detail), adopt(sent, answer) for a text that the server joined with another, conflict({mine, theirs}), named(id),
   * newer(theirs) for a text that was written elsewhere while nothing was written here. `address` is where the texts are, `begins` whether
   * one that the server does not know may be begun there anew.
   */
  constructor({server, fresh, read, on, address = "/drafts", begins = true}) {
    this.#address = address;
    this.#begins = begins;
    this.#key = server.id || tabKey(fresh);
    this.#read = read;
    this.#on = on;
    this.#clean = server;
    this.#record = {...server, id: server.id || null, at: Date.now()};
    addEventListener("pagehide", () => this.#keepHere());
    document.addEventListener("visibilitychange", () => document.hidden && this.#keepHere());
  }

  get key() {
    return this.#key;
  }

  get id() {
    return this.#record.id;
  }

  /** What this device kept that the server does not have: {text, form, audience, tz}, or null. Tells of a conflict. */
  recover() {
    const kept = stored(this.#key);
    if (!kept || sameContent(kept, this.#clean)) return null;
    if (!this.#record.id || kept.version === this.#clean.version) return kept;
    if (kept.text === this.#clean.text) return null;
    this.#held = true;
    this.#on.conflict({mine: kept, theirs: {...this.#clean}});
    return kept;
  }

  /** The text changed: keep it here at once, on the server after a pause. */
  touch() {
    this.#localTimer ||= setTimeout(() => this.#keepHere(), LOCAL_MS);
    if (!this.#held) this.#later(SERVER_MS);
    this.#on.state("changed");
  }

  /** Saves now; resolves when the server has the text, or could not be reached. */
  async save() {
    clearTimeout(this.#serverTimer);
    this.#keepHere();
    if (this.#saving) await this.#saving;
    if (this.#held) return false;
    this.#saving = this.#push();
    try {
      return await this.#saving;
    } finally {
      this.#saving = null;
    }
  }

  /** Somebody came back to this tab: takes over what was written elsewhere meanwhile, or shows both texts, before more is typed. */
  async look() {
    const {id, version} = this.#record;
    const busy = () => !this.#record.id || this.#held || this.#saving || this.#record.version !== version;
    if (busy()) return;
    let current;
    try {
      const response = await fetch(`${this.#address}/${id}`, {headers: {accept: "application/json"}, cache: "no-store"});
      if (!response.ok) return;
      current = await response.json();
    } catch {
      return; // away: the next save tells
    }
    if (busy() || current.version <= version) return;
    if (!sameContent(this.#read(), this.#clean)) {
      this.save();
      return;
    }
    this.#clean = {...current, tz: current.tz || this.#read().tz};
    this.#record = {...this.#record, version: current.version};
    this.#on.newer(this.#clean);
  }

  /** Nothing goes to the server until the conflict is settled. */
  hold() {
    this.#held = true;
  }

  /** Ends a conflict: what stands in the editor now follows on `theirs`, the server's version. */
  settle(theirs) {
    this.#held = false;
    this.#clean = theirs;
    this.#record = {...this.#record, version: theirs.version};
    return this.save();
  }

  #keepHere() {
    clearTimeout(this.#localTimer);
    this.#localTimer = 0;
    this.#record = {...this.#record, ...this.#read(), at: Date.now()};
    if (sameContent(this.#record, this.#clean) || (!this.#record.text.trim() && !this.#record.id)) {
      forget(this.#key);
      return;
    }
    if (!store(this.#key, this.#record)) this.#on.state("no-room");
  }

  #later(wait) {
    clearTimeout(this.#serverTimer);
    this.#serverTimer = setTimeout(() => this.save(), wait);
  }

  async #push() {
    const {id, version} = this.#record;
    // What got no answer may have arrived: it goes once more as it was, so that it is known again, and what was typed since goes after it.
    const fields = (id && this.#unanswered) || this.#read();
    if ((!id && !fields.text.trim()) || sameContent(fields, this.#clean)) {
      this.#on.state("same");
      return true;
    }
    this.#on.state("saving");
    let response;
    try {
      response = await fetch(id ? `${this.#address}/${id}` : this.#address, {
        method: id ? "PUT" : "POST",
        headers: {"content-type": "application/json"},
        body: JSON.stringify({...fields, based_on: version}),
      });
    } catch {
      this.#unanswered = fields;
      return this.#again();
    }
    this.#unanswered = null;
    if (response.status === 409) return this.#differs(fields, await response.json());
    if (response.status === 404 && id && this.#begins) {
      this.#record = {...this.#record, id: null, version: null};
      return this.#push();
    }
    if (!response.ok) {
      if (response.status >= 500) return this.#again();
      this.#on.state("refused", (await response.json().catch(() => ({}))).detail);
      return false;
    }
    return this.#saved(fields, await response.json());
  }

  #saved(sent, answer) {
    this.#tries = 0;
    const named = this.#record.id !== answer.id;
    this.#clean = {...sent, ...answer};
    this.#record = {...this.#record, id: answer.id, version: answer.version};
    if (named) {
      forget(this.#key);
      endTab();
      this.#key = answer.id;
      this.#on.named(answer.id);
    }
    if (answer.text !== sent.text) this.#on.adopt(sent.text, answer);
    this.#keepHere();
    const changed = !sameContent(this.#record, this.#clean);
    if (changed) this.#later(SERVER_MS);
    this.#on.state(changed ? "changed" : "saved", answer.saved_at);
    return true;
  }

  #differs(mine, {current}) {
    if (current.text === mine.text && current.open) {
      this.#clean = current;
      this.#record = {...this.#record, version: current.version};
      return this.#push();
    }
    this.#held = true;
    this.#keepHere();
    this.#on.conflict({mine: this.#read(), theirs: current});
    return false;
  }

  #again() {
    this.#on.state("away");
    this.#later(RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)]);
    this.#tries += 1;
    return false;
  }
}
