// Starts the scripted assistant (the real front desk) as a process; it can be stopped and come back.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");
const OWN_PYTHON = join(ROOT, ".venv/bin/python");
const PYTHON = process.env.PYTHON ?? (existsSync(OWN_PYTHON) ? OWN_PYTHON : "python3");

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

export class AssistantProcess {
  /** `command(port, storage)` gives the process to run; the default is the scripted assistant. */
  static async start(command = scripted) {
    const storage = join(mkdtempSync(join(tmpdir(), "asystent-")), "state.db");
    const assistant = new AssistantProcess(command, await freePort(), storage);
    await assistant.resume();
    return assistant;
  }

  constructor(command, port, storage) {
    this.command = command;
    this.port = port;
    this.storage = storage;
    this.url = `http://127.0.0.1:${port}`;
  }

  async resume() {
    const [program, ...args] = this.command(this.port, this.storage);
    this.process = spawn(program, args, { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
    for (let tries = 0; tries < 240; tries += 1) {
      if (this.process.exitCode !== null) throw new Error(`assistant ended with ${this.process.exitCode}`);
      try {
        if ((await fetch(this.url)).ok) return;
      } catch {
        // not listening yet
      }
      await new Promise((done) => setTimeout(done, 250));
    }
    throw new Error("assistant did not start");
  }

  async stop(signal = "SIGTERM") {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((done) => this.process.once("exit", done));
    this.process.kill(signal);
    await ended;
  }
}

function scripted(port, storage) {
  return [PYTHON, "tests/channels/fake_assistant.py", "--port", String(port), "--storage", storage];
}
