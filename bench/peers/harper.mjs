// Checks one file with harper.js, from process start to the printed count: its command line is not on the registry.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
const dist = process.argv[2] + "/node_modules/harper.js/dist/";
const harper = await import(pathToFileURL(dist + "index.js"));
const { binary } = await import(pathToFileURL(dist + "binary.js"));
const linter = new harper.LocalLinter({ binary });
const lints = await linter.lint(readFileSync(process.argv[3], "utf8"));
console.log(lints.length);
