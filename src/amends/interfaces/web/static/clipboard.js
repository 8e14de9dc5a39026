// Puts a draft on the clipboard in the marks of the place it goes to, and says what the author should still know.
import {clean, forEmail, forMarkdown, forSlack, gaps} from "./copying.js";

const NAMES = {slack: "Slack", email: "e-mail", markdown: "Markdown"};

/** Copies `text` for `kind` (slack, email, markdown); resolves to what to tell the author. */
export async function copyFor(kind, text) {
  if (!clean(text)) return "There is nothing to copy yet.";
  const mail = kind === "email" ? forEmail(text) : null;
  const plain = mail ? mail.plain : kind === "slack" ? forSlack(text) : forMarkdown(text);
  if (!(await put(plain, mail?.html))) return "This browser does not let the page copy. Select the text and copy it by hand.";
  const said = [`Copied for ${NAMES[kind]}.`];
  if (mail?.subject) said.push(`The subject is not in it: “${mail.subject}”.`);
  const open = gaps(text);
  if (open.length) said.push(`${open.length === 1 ? "One gap is" : `${open.length} gaps are`} still open: ${open.join(", ")}.`);
  return said.join(" ");
}

async function put(plain, html) {
  try {
    if (html && window.ClipboardItem) {
      const item = new ClipboardItem({"text/plain": new Blob([plain], {type: "text/plain"}), "text/html": new Blob([html], {type: "text/html"})});
      await navigator.clipboard.write([item]);
    } else {
      await navigator.clipboard.writeText(plain);
    }
    return true;
  } catch {
    return putTheOldWay(plain);
  }
}

/** For pages that are not served over a secure connection, where browsers offer no clipboard. */
function putTheOldWay(plain) {
  const held = Object.assign(document.createElement("textarea"), {value: plain, className: "sr"});
  document.body.append(held);
  held.select();
  const done = document.execCommand("copy");
  held.remove();
  return done;
}
