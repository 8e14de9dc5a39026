// Elements from words. Text only ever becomes text: nothing here reads markup.

/** `el("p.quiet", {title: "…", onclick: f}, "text", child, null)`: names with a dash, and `role`, become attributes. */
export function el(tag, given = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const made = document.createElement(name);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    if (key.includes("-") || key === "role") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export const number = (value) => value.toLocaleString("en-GB");

/** `counted(2, "entry", "entries")`: the number with its word. */
export const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

/** Runs `work` at most once a frame, however often it is asked for. */
export function eachFrame(work) {
  let asked = 0;
  return () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      work();
    });
  };
}

/** Runs `work` when nobody has asked for it for so many milliseconds. */
export function whenQuiet(wait, work) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, wait);
  };
}

/** Lets an observer stop when a signal says so; returns it. */
export function until(signal, observer) {
  signal.addEventListener("abort", () => observer.disconnect());
  return observer;
}

/** Puts text on the clipboard; resolves to whether that worked. */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const held = el("textarea.tl-sr", {value: text});
    document.body.append(held);
    held.select();
    const done = document.execCommand("copy");
    held.remove();
    return done;
  }
}
