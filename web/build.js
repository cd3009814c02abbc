// Bundles src/ and the engine into the folder that is named: `node build.js OUT`.
// The same lock file and sources give the same bytes.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { build } from "esbuild";

const out = process.argv[2];
mkdirSync(out, { recursive: true });

const options = {
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife", // no modules: a browser refuses those on a page that was opened from a disk, and says so aloud
  target: "es2022",
  charset: "utf8",
  legalComments: "none", // they stand in LICENSES.txt, whole
  define: { "import.meta.url": '""' },
  metafile: true,
  logLevel: "warning",
};
const pages = await build({ ...options, entryPoints: ["src/query.js", "src/editor.js"] });
const stub = { "@codemirror/language": "./src/language-stub.js" };
const worker = await build({ ...options, entryPoints: ["src/worker.js"], alias: stub });
copyFileSync("node_modules/oxigraph/web_bg.wasm", join(out, "oxigraph.wasm"));
writeFileSync(join(out, "LICENSES.txt"), licences(Object.keys({ ...pages.metafile.inputs, ...worker.metafile.inputs })));

function licences(inputs) {
  const names = new Set(inputs.map(nameOf).filter(Boolean));
  return [...names].sort().map(licence).join("\n\n" + "-".repeat(72) + "\n\n") + "\n";
}

function nameOf(path) {
  const [, inside] = path.split(sep).join("/").split("node_modules/");
  return inside && inside.split("/").slice(0, inside.startsWith("@") ? 2 : 1).join("/");
}

function licence(name) {
  const folder = join("node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find(entry => /^licen[cs]e(\.|$)/i.test(entry));
  return `${name} ${version}\n${license}\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : ownText(name, license)}`;
}

// The package of Oxigraph comes without a text; its authors leave the choice, and Apache-2.0 is the licence of this project too.
function ownText(name, license) {
  if (!license.includes("Apache-2.0") || !existsSync("LICENSE")) throw new Error(`${name}: no text of its licence`);
  return `Used under Apache-2.0:\n\n${readFileSync("LICENSE", "utf8").trim()}`;
}
