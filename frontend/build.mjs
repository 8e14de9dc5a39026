// Builds the vendored files of the pages and of their tests: the bundle, its licences, and the hashes that a test verifies.
import {build} from "esbuild";
import {createHash} from "node:crypto";
import {copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const pages = join(here, "../src/amends/interfaces/web/static/vendor");
const tests = join(here, "../tests/e2e/vendor");

function fresh(folder) {
  rmSync(folder, {recursive: true, force: true});
  mkdirSync(folder, {recursive: true});
}

function packageOf(input) {
  const [, name] = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  return name;
}

function about(name) {
  const folder = join(here, "node_modules", name);
  const {version, license} = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"].find((one) => existsSync(join(folder, one)));
  return {name, version, license, text: readFileSync(join(folder, file), "utf8").trim()};
}

function licences(names) {
  return names.sort().map(about).map((one) => `${one.name} ${one.version} (${one.license})\n\n${one.text}\n`).join(`\n${"-".repeat(80)}\n\n`);
}

function hashes(folder) {
  const lines = readdirSync(folder).sort().map((name) => {
    const sum = createHash("sha256").update(readFileSync(join(folder, name))).digest("hex");
    return `${sum}  ${name}\n`;
  });
  writeFileSync(join(folder, "SHA256SUMS"), lines.join(""));
}

fresh(pages);
const bundle = await build({
  entryPoints: [join(here, "codemirror.js")],
  outfile: join(pages, "codemirror.js"),
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  metafile: true,
});
const bundled = [...new Set(Object.keys(bundle.metafile.inputs).filter((one) => one.includes("node_modules")).map(packageOf))];
writeFileSync(join(pages, "LICENSE.codemirror.txt"), licences(bundled));
copyFileSync(join(here, "node_modules/htmx.org/dist/htmx.min.js"), join(pages, "htmx.js"));
writeFileSync(join(pages, "LICENSE.htmx.txt"), licences(["htmx.org"]));
hashes(pages);

fresh(tests);
copyFileSync(join(here, "node_modules/axe-core/axe.min.js"), join(tests, "axe.js"));
writeFileSync(join(tests, "LICENSE.axe.txt"), licences(["axe-core"]));
hashes(tests);
