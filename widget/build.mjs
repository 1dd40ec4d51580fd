// Builds dist/asystent.js: one classic script, nothing fetched from elsewhere.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const LIMIT_KB = 25;
const outfile = "dist/asystent.js";

await build({
  entryPoints: ["src/asystent-czat.ts"],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome109", "firefox115", "safari16"],
  outfile,
  sourcemap: "linked",
  legalComments: "none",
});

const size = gzipSync(readFileSync(outfile), { level: 9 }).length / 1000;
console.log(`${outfile}: ${size.toFixed(1)} kB gzip (limit ${LIMIT_KB})`);
if (size > LIMIT_KB) process.exit(1);
