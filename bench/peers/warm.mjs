// Times write-good and alex inside one process: median milliseconds a message, and megabytes a second on whole documents.
// node warm.mjs FOLDER_OF_PEERS MESSAGES.json DOCUMENT
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const [peers, messagesPath, documentPath] = process.argv.slice(2);
const require = createRequire(peers + "/");
const messages = JSON.parse(readFileSync(messagesPath, "utf8"));
const document = readFileSync(documentPath, "utf8");
const writeGood = require("write-good");
const { default: _, ...alex } = await import(pathToFileURL(peers + "/node_modules/alex/index.js"));
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const time = (work) => {
  const start = performance.now();
  work();
  return performance.now() - start;
};
const out = {};
for (const [name, check] of [["write-good", (text) => writeGood(text)], ["alex", (text) => alex.markdown(text)]]) {
  for (const text of messages) check(text);
  const each = messages.map((text) => time(() => check(text)));
  const whole = median([0, 1, 2].map(() => time(() => check(document))));
  out[name] = { message_ms: median(each), document_mb_s: Buffer.byteLength(document) / 1e6 / (whole / 1e3) };
}
console.log(JSON.stringify(out));
