// The parser of server-sent events, cut at every possible place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "esbuild";

const built = await build({ entryPoints: ["src/stream.ts"], bundle: true, format: "esm", write: false });
const { EventParser } = await import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].text).toString("base64")}`);

const STREAM = 'retry: 1000\n\n: ping\n\nid: 7\nevent: message\ndata: {"text":"zażółć: gęślą"}\n\nevent: typing\r\ndata: {"on":true}\r\n\r\n';
const EVENTS = [
  { name: "message", data: { text: "zażółć: gęślą" } },
  { name: "typing", data: { on: true } },
];

test("events survive any cut of the stream", () => {
  for (let cut = 0; cut <= STREAM.length; cut += 1) {
    const parser = new EventParser();
    const events = [...parser.feed(STREAM.slice(0, cut)), ...parser.feed(STREAM.slice(cut))];
    assert.deepEqual(events, EVENTS, `cut at ${cut}`);
  }
});

test("an event that is not complete is not given out", () => {
  assert.deepEqual(new EventParser().feed('event: message\ndata: {"a":1}\n'), []);
});
