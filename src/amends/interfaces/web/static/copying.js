// Turns a draft into what people paste: Slack's own marks, plain and rich e-mail, Markdown. Inline switches are never copied.
// Works on this device alone, so that a message can leave while the checker is away.

const SWITCH = /[ \t]*<!--\s*amends:[^\n]*?-->/g;
const SWITCH_LINE = /^[ \t]*<!--\s*amends:[^\n]*?-->[ \t]*\n?/gm;
const LINK = /\[([^\[\]\n]+)\]\((https?:\/\/[^\s()]+|mailto:[^\s()]+)\)/g;
const SLACK_LINK = /<(https?:\/\/[^|>\s]+|mailto:[^|>\s]+)\|([^>\n]+)>/g;
/** Words in square brackets that the author still has to fill in; neither a checkbox nor a link. */
export const GAP = /\[(?![ xX]\])[^\[\]\n]{1,200}\](?!\()/g;
const TABLE = /^[ \t]*\|.*\|[ \t]*\n[ \t]*\|[ \t:|-]+\|[ \t]*(?:\n[ \t]*\|.*\|[ \t]*)*/gm;
const SUBJECT = /^\s*subject:[ \t]*(.+)\n*/i;

/** The words without the switches that silenced a remark. */
export function clean(text) {
  return text.replace(SWITCH_LINE, "").replace(SWITCH, "").trim();
}

/** The [gaps] that are still to be filled in. */
export function gaps(text) {
  return clean(text).match(GAP) ?? [];
}

/** Runs `change` on everything but code, which stays as it is. */
function outsideCode(text, change) {
  return text.split(/(```[\s\S]*?```|`[^`\n]+`)/).map((part, at) => (at % 2 ? part : change(part))).join("");
}

function cells(table) {
  const rows = table.split("\n").filter((_, at) => at !== 1);
  return rows.map((row) => row.trim().slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|")));
}

/** A Markdown table as lines whose columns stand below each other. */
function aligned(table) {
  const rows = cells(table).map((row) => row.map(bare));
  const widths = [];
  for (const row of rows) row.forEach((cell, at) => { widths[at] = Math.max(widths[at] ?? 0, cell.length); });
  return rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at])).join("  ").trimEnd()).join("\n");
}

function tables(text, change) {
  return outsideCode(text, (part) => part.replace(TABLE, change));
}

/** For Slack's message box: *bold*, _italic_, bullets; links with their address written out, because the box pastes it so; tables in a block of even letters. */
export function forSlack(text) {
  return outsideCode(tables(clean(text), (table) => `\`\`\`\n${aligned(table)}\n\`\`\``), (part) => part
    .replace(LINK, (_, words, address) => (words === address ? address : `${words} (${address})`))
    .replace(SLACK_LINK, "$2 ($1)")
    .replace(/^#{1,6}[ \t]+(.+?)[ \t]*#*$/gm, (_, title) => `\u0001${title.replaceAll("**", "")}\u0001`)
    .replace(/\*\*(?=\S)([^*\n]+?)\*\*/g, "\u0001$1\u0001")
    .replace(/__(?=\S)([^_\n]+?)__/g, "\u0001$1\u0001")
    .replace(/~~(?=\S)([^~\n]+?)~~/g, "~$1~")
    .replace(/^([ \t]*)[-*+][ \t]+\[[xX]\][ \t]+/gm, "$1☑ ")
    .replace(/^([ \t]*)[-*+][ \t]+\[ \][ \t]+/gm, "$1☐ ")
    .replace(/^([ \t]*)[-*+][ \t]+/gm, "$1• ")
    .replaceAll("\u0001", "*"));
}

/** For a Markdown field: Slack's links and bullets become Markdown's, and a line break stays one. */
export function forMarkdown(text) {
  const marked = outsideCode(clean(text), (part) => part.replace(SLACK_LINK, "[$2]($1)").replace(/^([ \t]*)•[ \t]+/gm, "$1- "));
  const lines = marked.split("\n");
  let fenced = false;
  return lines.map((line, at) => {
    if (line.startsWith("```")) fenced = !fenced;
    const next = lines[at + 1];
    const plain = (one) => one !== undefined && one.trim() && !/^\s*([-*+>#|]|\d+[.)]|```)/.test(one);
    return !fenced && plain(line) && plain(next) ? `${line.trimEnd()}  ` : line;
  }).join("\n");
}

function escape(text) {
  return text.replace(/[&<>"]/g, (char) => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})[char]);
}

function bare(text) {
  return text
    .replace(LINK, (_, words, address) => (words === address ? address : `${words} (${address})`))
    .replace(SLACK_LINK, "$2 ($1)")
    .replace(/\*\*(?=\S)([^*\n]+?)\*\*/g, "$1")
    .replace(/__(?=\S)([^_\n]+?)__/g, "$1")
    .replace(/(^|[\s(])\*(?=[^\s*])([^*\n]+?)\*(?=[\s).,;:!?]|$)/gm, "$1$2")
    .replace(/(^|[\s(])_(?=[^\s_])([^_\n]+?)_(?=[\s).,;:!?]|$)/gm, "$1$2")
    .replace(/^([ \t]*)•[ \t]+/gm, "$1- ")
    .replace(/^#{1,6}[ \t]+(.+?)[ \t]*#*$/gm, "$1");
}

function rich(line) {
  return escape(line)
    .replace(/&lt;(https?:\/\/[^|\s]+?|mailto:[^|\s]+?)\|(.+?)&gt;/g, '<a href="$1">$2</a>')
    .replace(LINK, '<a href="$2">$1</a>')
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .replace(/\*\*(?=\S)([^*]+?)\*\*/g, "<strong>$1</strong>")
    .replace(/(^|[\s(])\*(?=[^\s*])([^*]+?)\*(?=[\s).,;:!?]|$)/g, "$1<strong>$2</strong>")
    .replace(/(^|[\s(])_(?=[^\s_])([^_]+?)_(?=[\s).,;:!?]|$)/g, "$1<em>$2</em>");
}

function block(lines) {
  const text = lines.join("\n");
  if (text.match(TABLE)?.[0] === text) {
    const [head, ...rows] = cells(text);
    const row = (kind) => (of) => `<tr>${of.map((cell) => `<${kind}>${rich(cell)}</${kind}>`).join("")}</tr>`;
    return `<table>${row("th")(head)}${rows.map(row("td")).join("")}</table>`;
  }
  const heading = lines.length === 1 && lines[0].match(/^#{1,6}\s+(.+?)\s*#*$/);
  if (heading) return `<p><strong>${rich(heading[1])}</strong></p>`;
  if (lines.every((line) => /^\s*[-*+•]\s+/.test(line))) {
    return `<ul>${lines.map((line) => `<li>${rich(line.replace(/^\s*[-*+•]\s+/, ""))}</li>`).join("")}</ul>`;
  }
  if (lines.every((line) => /^\s*\d+[.)]\s+/.test(line))) {
    return `<ol>${lines.map((line) => `<li>${rich(line.replace(/^\s*\d+[.)]\s+/, ""))}</li>`).join("")}</ol>`;
  }
  return `<p>${lines.map(rich).join("<br>")}</p>`;
}

/** For e-mail: the subject when the draft has one, the body in plain words, and the same as HTML for mail programs that take it. */
export function forEmail(text) {
  const whole = clean(text);
  const subject = whole.match(SUBJECT)?.[1].trim() ?? "";
  const body = subject ? whole.replace(SUBJECT, "") : whole;
  const html = body.split(/\n[ \t]*\n+/).filter((part) => part.trim()).map((part) => block(part.split("\n"))).join("\n");
  return {subject, plain: outsideCode(tables(body, aligned), bare).replace(/`([^`\n]+)`/g, "$1"), html};
}
