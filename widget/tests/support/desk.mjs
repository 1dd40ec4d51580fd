// A desk of people by our own contract (docs/channels.md): proves every request, speaks when a test says so.
import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { createServer } from "node:http";

const SECRET = "secret of the desk of people"; // DESK_SECRET of tests/channels/fake_assistant.py

function signed(body, seconds) {
  return `t=${seconds},v1=${createHmac("sha256", SECRET).update(`${seconds}.`).update(body).digest("hex")}`;
}

export class FakeDesk {
  heard = [];
  wrong = [];
  waiting = [];

  static async start() {
    const desk = new FakeDesk();
    desk.server = createServer((request, answer) => void desk.take(request, answer));
    await new Promise((done) => desk.server.listen(0, "127.0.0.1", done));
    desk.url = `http://127.0.0.1:${desk.server.address().port}/in`;
    return desk;
  }

  async take(request, answer) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const proof = request.headers["desk-signature"] ?? "";
    if (proof !== signed(body, /t=(\d+)/.exec(proof)?.[1])) this.wrong.push(proof);
    this.heard.push(JSON.parse(body));
    answer.writeHead(204).end();
    for (const look of this.waiting) look();
  }

  /** The event of this type, when it has come. */
  async event(type) {
    for (;;) {
      const found = this.heard.findLast((event) => event.type === type);
      if (found) return found;
      await new Promise((done) => this.waiting.push(done));
    }
  }

  /** Says something to the assistant at `base`, about the conversation that a person was asked for last. */
  async says(base, type, fields = {}) {
    const { conversation } = await this.event("handoff.requested");
    const body = JSON.stringify({ id: randomUUID(), type, conversation, ...fields });
    const headers = { "desk-signature": signed(body, Math.floor(Date.now() / 1000)) };
    const answer = await fetch(`${base}/handoff/desk`, { method: "POST", body, headers });
    assert.equal(answer.status, 204);
  }

  stop() {
    return new Promise((done) => this.server.close(done));
  }
}
