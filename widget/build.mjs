// Builds dist/asystent.js: one classic script, nothing fetched from elsewhere.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** Templates as short as code: neither space between CSS tokens nor the indentation of HTML is shown. */
const shortTemplates = {
  name: "short-templates",
  setup({ onLoad }) {
    onLoad({ filter: /src\/[\w-]+\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const contents = source
        .replace(/css`[^`]*`/g, (template) => template.replace(/\s+/g, " ").replace(/ ?([{};,>]) ?/g, "$1").replace(/: /g, ":"))
        .replace(/\n +/g, "\n");
      return { contents, loader: "ts" };
    });
  },
};

const LIMIT_KB = 25;
const outfile = "dist/asystent.js";

await build({
  entryPoints: ["src/asystent-czat.ts"],
  bundle: true,
  minify: true,
  plugins: [shortTemplates],
  format: "iife",
  target: ["es2022", "chrome109", "firefox115", "safari16"],
  outfile,
  sourcemap: "linked",
  legalComments: "none",
});

const size = gzipSync(readFileSync(outfile), { level: 9 }).length / 1000;
console.log(`${outfile}: ${size.toFixed(1)} kB gzip (limit ${LIMIT_KB})`);
if (size > LIMIT_KB) process.exit(1);
