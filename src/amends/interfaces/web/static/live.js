// Keeps the page of an incident live: parts that changed elsewhere take the place of the old ones, and nothing that somebody is in the
// middle of is touched. A page without this script is as good as its last reload.

const page = document.querySelector("[data-incident]");
const here = document.querySelector("#here");
const state = document.querySelector("#live-state");
const HIDDEN_MS = 30_000;
const LOST_MS = 20_000;
const about = page.dataset.about ?? "";
const own = about || location.search.includes("order=") || location.search.includes("all=") || !document.querySelector("[data-live-part]");

let source = null;
let seq = page.dataset.seq ?? "";
let lost = 0;
let sleep = 0;

// ---- what somebody is in the middle of ----------------------------------------------------------------------------

function typedIn(field) {
  if (field.type === "hidden" || field.disabled) return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field instanceof HTMLSelectElement) return [...field.options].some((one) => one.selected !== one.defaultSelected) && field.selectedIndex > 0;
  return "defaultValue" in field && field.type !== "datetime-local" && field.value !== field.defaultValue;
}

/** A form that holds the cursor, or words that were never sent. A button that was just pressed holds none. */
function inUse(form) {
  const at = document.activeElement;
  return (form.contains(at) && !at.matches("button, summary, a")) || [...form.elements].some(typedIn);
}

// htmx asks extensions before it morphs a node, and tells no listener of it: a form in use, and all in it, stays as it is.
globalThis.htmx?.registerExtension("amends-in-use", {
  htmx_before_morph_node(_, {oldNode}) {
    if (!(oldNode instanceof HTMLFormElement)) return true;
    delete oldNode.dataset.sent;
    return !inUse(oldNode);
  },
});

// ---- taking what changed ------------------------------------------------------------------------------------------

async function put(name, html) {
  const old = document.querySelector(`[data-live-part="${CSS.escape(name)}"]`);
  if (!old) return;
  if (globalThis.htmx) {
    if (!htmx.config.morphIgnore.includes("open")) htmx.config.morphIgnore.push("open");
    await htmx.swap({text: html, target: old, sourceElement: old, swap: "outerMorph"});
  } else if (!old.contains(document.activeElement) && ![...old.querySelectorAll("form")].some(inUse)) {
    old.outerHTML = html;
  }
  const part = document.querySelector(`[data-live-part="${CSS.escape(name)}"]`);
  if (part) document.dispatchEvent(new CustomEvent("amends:swapped", {detail: {part}}));
}

async function fetchAll() {
  const response = await fetch(location.href, {headers: {accept: "text/html"}, cache: "no-store"});
  if (response.status === 404 || response.status === 403 || response.redirected) return gone();
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of fresh.querySelectorAll("[data-live-part]")) await put(part.dataset.livePart, part.outerHTML);
}

let fetching = null;
let again = false;

/** The page itself, once at a time: what changes while it comes is fetched after it. */
async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  try {
    fetching = fetchAll();
    await fetching;
  } catch {
    // away: the stream comes back and says what was missed
  } finally {
    fetching = null;
  }
  if (again) {
    again = false;
    refresh();
  }
}

// ---- the stream ---------------------------------------------------------------------------------------------------

function say(words) {
  if (!state) return;
  state.textContent = words;
  state.hidden = !words;
}

function gone() {
  close();
  say("You cannot see this any more, or are signed out. What you have typed is still here; open the page again in another tab.");
}

function whoIsHere(people) {
  document.dispatchEvent(new CustomEvent("amends:here", {detail: {people}}));
  if (!here) return;
  const names = [...new Set(people.map((one) => one.person).filter((name) => name !== "local"))];
  here.hidden = names.length < 2;
  here.textContent = `Here now: ${names.join(", ")}`;
}

function open() {
  if (source) return;
  const query = new URLSearchParams({after: seq});
  if (page.dataset.document) query.set("at", page.dataset.document);
  else if (own) query.set("parts", "no");
  source = new EventSource(`/incidents/${page.dataset.incident}/live?${query}`);
  const listen = (name, take) => source.addEventListener(name, (event) => {
    if (event.lastEventId) seq = event.lastEventId;
    take(JSON.parse(event.data));
  });
  listen("parts", async (parts) => {
    for (const [name, html] of Object.entries(parts)) await put(name, html);
  });
  listen("changed", (change) => {
    document.dispatchEvent(new CustomEvent("amends:changed", {detail: change}));
    const ours = change.all || (own && (!about || change.subjects.some((one) => one.startsWith(about))));
    if (ours && document.querySelector("[data-live-part]")) refresh();
  });
  listen("here", whoIsHere);
  listen("gone", gone);
  listen("full", () => {
    close();
    say("This page is open too often to be kept live. Reload it to see what changed.");
  });
  source.addEventListener("open", () => {
    clearTimeout(lost);
    lost = 0;
    say("");
  });
  source.addEventListener("error", () => {
    lost ||= setTimeout(() => say("Not live at the moment. What stands here may be old; your words are safe."), LOST_MS);
    if (source?.readyState === EventSource.CLOSED) {
      source = null;
      setTimeout(open, LOST_MS / 4);
    }
  });
}

function close() {
  source?.close();
  source = null;
  clearTimeout(lost);
  lost = 0;
}

// Browsers allow six connections to one address: a page that nobody looks at gives its own back.
document.addEventListener("visibilitychange", () => {
  clearTimeout(sleep);
  if (document.hidden) sleep = setTimeout(close, HIDDEN_MS);
  else open();
});
addEventListener("pagehide", close);
addEventListener("pageshow", (event) => event.persisted && open());
open();
