// The generated types are those of docs/chat-api.yaml, and the build keeps its promises.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

test("types are generated from the document", async () => {
  const document = new URL("../../docs/chat-api.yaml", import.meta.url);
  const fresh = COMMENT_HEADER + astToString(await openapiTS(document));
  assert.equal(readFileSync("src/api-types.ts", "utf8"), fresh, "run npm run types");
});

test("the script is small and asks nobody else", () => {
  const script = readFileSync("dist/asystent.js");
  assert.ok(gzipSync(script, { level: 9 }).length <= 25_000);
  const addresses = script.toString().match(/https?:\/\/[^"'`\s)]+/g) ?? [];
  assert.deepEqual(addresses.filter((address) => !address.startsWith("http://www.w3.org/")), []);
});

test("the lock file names no host to download from", () => {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const resolved = Object.values(lock.packages).filter((entry) => entry.resolved);
  assert.deepEqual(resolved, []);
});
