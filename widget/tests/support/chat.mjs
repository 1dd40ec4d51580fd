// A patient at the page: opens the chat, writes, taps, reads. Waits are built in.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const OUTPUT = resolve(import.meta.dirname, "../../../tests/output");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export class Chat {
  /** A fresh browser context on the assistant's demonstration page. */
  static async visit(browser, url, options = {}) {
    const context = await browser.newContext({ locale: "pl-PL", timezoneId: "Europe/Warsaw", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000); // a busy machine takes its time
    const chat = new Chat(page, url);
    await chat.watch();
    await page.goto(url);
    return chat;
  }

  constructor(page, url) {
    this.page = page;
    this.url = url;
    this.violations = [];
    this.foreign = [];
    this.errors = [];
    this.log = page.locator("asystent-czat .log");
    this.input = page.locator("asystent-pole textarea");
    this.launcher = page.locator("asystent-czat .launcher");
    this.banner = page.locator("asystent-czat .banner");
    this.bubbles = page.locator("asystent-czat .bubble");
    this.replies = page.locator("asystent-czat .replies button");
  }

  async watch() {
    await this.page.exposeFunction("reportViolation", (text) => this.violations.push(text));
    await this.page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) =>
        globalThis.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
      );
    });
    this.page.on("pageerror", (error) => this.errors.push(String(error)));
    this.page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== "blob:" && origin !== this.url) this.foreign.push(request.url());
    });
  }

  async open() {
    await this.launcher.click();
    await this.page.locator("asystent-czat .notice").waitFor();
    return this;
  }

  /** Log in as a patient of the demonstration page (by the beginning of the name). */
  async logIn(name) {
    await this.page.locator(".patients button", { hasText: name }).click();
    await this.page.locator("#who", { hasText: name }).waitFor();
  }

  async say(text) {
    await this.input.fill(text);
    await this.input.press("Enter");
    await this.page.locator("asystent-czat .mine", { hasText: text }).last().waitFor();
  }

  /** Say it and wait for an answer that contains `answer`. */
  async ask(text, answer) {
    await this.say(text);
    await this.expect(answer);
  }

  async expect(answer) {
    await this.page.locator("asystent-czat .theirs", { hasText: answer }).last().waitFor();
  }

  /** Tap a quick reply, a term or a list item whose text contains `label`. */
  async tap(label) {
    await this.page.locator("asystent-czat .log button", { hasText: label }).last().click();
  }

  async texts() {
    return this.bubbles.locator(".text").allInnerTexts();
  }

  /** Zero findings of axe on the whole page. */
  async assertAccessible(state) {
    if (!(await this.page.evaluate(() => "axe" in globalThis))) await this.page.evaluate(AXE);
    const found = await this.page.evaluate(
      (tags) => globalThis.axe.run(document, { runOnly: { type: "tag", values: tags } }),
      TAGS,
    );
    const words = found.violations.map(
      ({ id, help, nodes }) => `${id}: ${help} ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`,
    );
    assert.deepEqual(words, [], `axe in state: ${state}`);
  }

  /** No third-party request, no breach of the content security policy, no script error. */
  assertClean() {
    assert.deepEqual(this.violations, []);
    assert.deepEqual(this.foreign, []);
    assert.deepEqual(this.errors, []);
  }

  async screenshot(name) {
    mkdirSync(OUTPUT, { recursive: true });
    await this.page.screenshot({ path: join(OUTPUT, `${name}.png`) });
  }

  async close() {
    await this.page.context().close();
  }
}
