// Lost connections, restarts, repeated requests, expired tokens, other patients.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AssistantProcess } from "./support/assistant.mjs";
import { launch } from "./support/browser.mjs";
import { Chat } from "./support/chat.mjs";

let assistant;
let browser;

before(async () => {
  assistant = await AssistantProcess.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await assistant?.stop();
});

async function visiting(work) {
  const chat = await Chat.visit(browser, assistant.url);
  try {
    await chat.open();
    await work(chat);
    chat.assertClean();
  } finally {
    await chat.close();
  }
}

/** A third device of the patient's: nothing of it depends on how fast the two chats are. */
function sayFromElsewhere(page, patient, text) {
  return page.evaluate(
    async ([who, words]) => {
      const ask = async (path, body, token) => {
        const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
        return (await fetch(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
      };
      const { token } = await ask("/demo/token", { patient: who });
      const { conversation } = await ask("/api/v1/conversations", {}, token);
      const message = { client_message_id: crypto.randomUUID(), text: words };
      await ask(`/api/v1/conversations/${conversation}/messages`, message, token);
    },
    [patient, text],
  );
}

const count = (texts, wanted) => texts.filter((text) => text === wanted).length;

test("offline: said so, kept, sent once when the connection is back", () =>
  visiting(async (chat) => {
    const context = chat.page.context();
    await chat.ask("raz", "Napisano: raz");
    await context.setOffline(true);
    await chat.banner.getByText("Brak połączenia").waitFor();
    await chat.say("dwa");
    await chat.page.locator("asystent-czat .failure").waitFor();
    await chat.assertAccessible("offline");
    await chat.screenshot("09-offline");
    await context.setOffline(false);
    await chat.expect("Napisano: dwa");
    assert.equal(count(await chat.texts(), "Napisano: dwa"), 1);
    assert.equal(count(await chat.texts(), "dwa"), 1);
    await chat.banner.getByText("Brak połączenia").waitFor({ state: "detached" });
  }));

test("the assistant restarts: the conversation goes on where it was", () =>
  visiting(async (chat) => {
    await chat.ask("przed", "Napisano: przed");
    await assistant.stop();
    await chat.banner.getByText("Nie mogę połączyć się").waitFor();
    await chat.say("w trakcie");
    await assistant.resume();
    await chat.expect("Napisano: w trakcie");
    await chat.ask("po", "Napisano: po");
    const texts = await chat.texts();
    for (const text of ["przed", "w trakcie", "po"]) {
      assert.equal(count(texts, text), 1);
      assert.equal(count(texts, `Napisano: ${text}`), 1);
    }
  }));

test("a killed assistant owns up to the interrupted answer", () =>
  visiting(async (chat) => {
    await chat.say("bardzo-wolno");
    await chat.page.locator("asystent-czat .typing").waitFor();
    await assistant.stop("SIGKILL");
    await assistant.resume();
    await chat.expect("przerwało mi w trakcie");
    assert.equal(count(await chat.texts(), "bardzo-wolno"), 1);
  }));

test("a lost answer to a sent message makes no second message", () =>
  visiting(async (chat) => {
    let lost = 0;
    await chat.page.route("**/messages", async (route) => {
      if (route.request().method() === "POST" && lost < 2) {
        lost += 1;
        await route.fetch();
        await route.abort("connectionreset");
      } else {
        await route.continue();
      }
    });
    await chat.ask("tylko raz", "Napisano: tylko raz");
    await chat.ask("następne", "Napisano: następne");
    assert.ok(lost > 0);
    assert.equal(count(await chat.texts(), "Napisano: tylko raz"), 1);
    assert.equal(count(await chat.texts(), "tylko raz"), 1);
  }));

test("what was missed is replayed in order", () =>
  visiting(async (chat) => {
    const { page } = chat;
    await chat.ask("zero", "Napisano: zero");
    const second = await page.context().newPage();
    const { key, value } = await page.evaluate(() => {
      const name = Object.keys(sessionStorage).find((each) => each.startsWith("asystent-czat"));
      return { key: name, value: sessionStorage.getItem(name) };
    });
    await second.addInitScript(([name, kept]) => sessionStorage.setItem(name, kept), [key, value]);
    await second.goto(assistant.url);
    await page.context().setOffline(true);
    await page.context().setOffline(false);
    const other = new Chat(second, assistant.url);
    await other.expect("Napisano: zero");
    await other.ask("z drugiej karty", "Napisano: z drugiej karty");
    await chat.expect("Napisano: z drugiej karty");
    assert.deepEqual(await chat.texts(), await other.texts());
  }));

test("an expired token is refreshed without losing the message", () =>
  visiting(async (chat) => {
    await chat.logIn("Barbara Zielonka");
    await chat.ask("przed", "Napisano: przed");
    let refused = 0;
    await chat.page.route("**/messages", async (route) => {
      if (route.request().method() === "POST" && !refused) {
        refused += 1;
        const problem = { type: "about:blank", title: "Unauthorized", status: 401, code: "token_expired", detail: "x" };
        await route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify(problem) });
      } else {
        await route.continue();
      }
    });
    await chat.ask("po odświeżeniu", "Napisano: po odświeżeniu");
    assert.equal(refused, 1);
    assert.equal(count(await chat.texts(), "po odświeżeniu"), 1);
    assert.equal(count(await chat.texts(), "Napisano: przed"), 1);
  }));

test("switching patients shows nobody else's words", () =>
  visiting(async (chat) => {
    await chat.ask("jako gość", "Napisano: jako gość");
    await chat.logIn("Tomasz Wróbel");
    await chat.ask("jako Tomasz", "Napisano: jako Tomasz");
    // What was said before the log-in is the words of the one who logs in first, and of nobody else.
    assert.equal(count(await chat.texts(), "jako gość"), 1);
    await chat.logIn("Ewa Dudek");
    await chat.ask("jako Ewa", "Napisano: jako Ewa");
    for (const text of ["jako Tomasz", "jako gość"]) assert.equal(count(await chat.texts(), text), 0);
    await chat.screenshot("10-logged-in");
    await chat.logIn("Tomasz Wróbel");
    await chat.expect("Napisano: jako Tomasz");
    assert.equal(count(await chat.texts(), "jako Ewa"), 0);
    await chat.page.reload();
    await chat.expect("Napisano: jako Tomasz");
  }));

test("what was read on one device is no news on another", () =>
  visiting(async (here) => {
    await here.logIn("Ewa Dudek");
    const there = await Chat.visit(browser, assistant.url);
    try {
      await there.logIn("Ewa Dudek");
      await there.open();
      await here.ask("hej", "Napisano: hej");
      await there.expect("Napisano: hej");
      for (const chat of [there, here]) {
        await chat.page.keyboard.press("Escape");
        await chat.launcher.waitFor();
      }
      await sayFromElsewhere(here.page, "parent", "nowe");
      const badges = [here, there].map((chat) => chat.page.locator("asystent-czat .badge"));
      for (const badge of badges) await badge.waitFor();
      await here.launcher.click();
      await badges[1].waitFor({ state: "detached" });
      there.assertClean();
    } finally {
      await there.close();
    }
  }));
