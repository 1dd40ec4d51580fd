// Starts the scripted assistant (the real front desk) as a process; it can be stopped and come back.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");
const OWN_PYTHON = join(ROOT, ".venv/bin/python");
const PYTHON = process.env.PYTHON ?? (existsSync(OWN_PYTHON) ? OWN_PYTHON : "python3");

export function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** The real front desk with a scripted assistant: starts in a second. */
export function scripted(port, storage) {
  return { args: ["tests/channels/fake_assistant.py", "--port", String(port), "--storage", join(storage, "state.db")] };
}

/** Everything, as `make run` starts it: the trained assistant and the sandbox portal. */
export function whole(port, storage) {
  return { args: ["-m", "bot", "run", "--port", String(port)], env: { ASYSTENT_STATE: storage } };
}

export class AssistantProcess {
  /** `command(port, folder)` gives the arguments and environment of the Python process. */
  static async start(command = scripted, patienceSeconds = 180) {
    const folder = mkdtempSync(join(tmpdir(), "asystent-"));
    const assistant = new AssistantProcess(command, await freePort(), folder, patienceSeconds);
    await assistant.resume();
    return assistant;
  }

  constructor(command, port, folder, patienceSeconds) {
    this.command = command(port, folder);
    this.patience = patienceSeconds * 1000;
    this.url = `http://127.0.0.1:${port}`;
  }

  async resume() {
    const { args, env = {} } = this.command;
    this.process = spawn(PYTHON, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const deadline = Date.now() + this.patience;
    while (Date.now() < deadline) {
      if (this.process.exitCode !== null) throw new Error(`assistant ended with ${this.process.exitCode}`);
      try {
        if ((await fetch(this.url)).ok) return;
      } catch {
        // not listening yet
      }
      await new Promise((done) => setTimeout(done, 250));
    }
    await this.stop("SIGKILL");
    throw new Error("assistant did not start");
  }

  async stop(signal = "SIGTERM") {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((done) => this.process.once("exit", done));
    this.process.kill(signal);
    await ended;
  }
}
