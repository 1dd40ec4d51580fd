// The widget in a real browser against the real front desk with a scripted assistant.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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

async function visiting(options, work) {
  const chat = await Chat.visit(browser, assistant.url, options);
  try {
    await work(chat);
    chat.assertClean();
  } finally {
    await chat.close();
  }
}

test("the notice comes before the first message, focus goes in and comes back", () =>
  visiting({}, async (chat) => {
    await chat.launcher.waitFor();
    await chat.assertAccessible("closed");
    await chat.screenshot("01-closed");
    await chat.open();
    assert.match(await chat.page.locator("asystent-czat .notice").innerText(), /automatycznym asystentem, nie człowiekiem/);
    const focused = () => chat.page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.localName);
    assert.equal(await focused(), "asystent-pole");
    await chat.assertAccessible("open");
    await chat.screenshot("02-open");
    await chat.page.keyboard.press("Escape");
    await chat.launcher.waitFor();
    assert.equal(await focused(), "button");
  }));

test("a starter is said with one tap", () =>
  visiting({}, async (chat) => {
    await chat.open();
    await chat.tap("Chcę umówić wizytę");
    await chat.expect("Napisano: Chcę umówić wizytę");
    assert.equal(await chat.replies.count(), 0);
  }));

test("quick replies: a tap answers once and the old question goes away", () =>
  visiting({}, async (chat) => {
    await chat.open();
    await chat.ask("opcje", "Jaka ma to być wizyta?");
    assert.equal(await chat.replies.count(), 3);
    await chat.assertAccessible("options");
    await chat.screenshot("03-options");
    await chat.tap("Tak, umawiam");
    await chat.expect("Wybrano przyciskiem.");
    assert.equal(await chat.replies.count(), 0);
    assert.deepEqual((await chat.texts()).slice(-2), ["Tak, umawiam", "Wybrano przyciskiem."]);
  }));

test("a remark after the question leaves its answers in sight", () =>
  visiting({}, async (chat) => {
    await chat.open();
    await chat.ask("dopisek", "na Infolinii");
    assert.equal(await chat.replies.count(), 3);
    await chat.tap("Inne miejsce");
    await chat.expect("Wybrano przyciskiem.");
    assert.equal(await chat.replies.count(), 0);
  }));

test("free terms are chosen by keyboard alone", () =>
  visiting({}, async (chat) => {
    const { keyboard } = chat.page;
    await chat.launcher.focus();
    await keyboard.press("Enter");
    await chat.input.waitFor();
    await keyboard.type("terminy");
    await keyboard.press("Enter");
    await chat.page.locator("asystent-czat .slot").nth(2).waitFor();
    await chat.assertAccessible("slots");
    await chat.screenshot("04-slots");
    // Back from the text field: the calendar, two quick replies, then the third and the second term.
    for (let steps = 0; steps < 5; steps += 1) await keyboard.press("Shift+Tab");
    const label = () => chat.page.evaluate(() => document.activeElement.shadowRoot.activeElement.ariaLabel);
    assert.match(await label(), /^Wybierz: wtorek, 24 listopada, 14:40, dr n\. med\. Krzysztof Dudek/);
    await keyboard.press("Enter");
    await chat.expect("Wybrano przyciskiem.");
    assert.ok((await chat.texts()).includes("wtorek, 24 listopada, 14:40, dr n. med. Krzysztof Dudek"));
  }));

test("confirmation, list and links", () =>
  visiting({}, async (chat) => {
    await chat.open();
    await chat.ask("potwierdzenie", "Konsultacja dermatologiczna");
    await chat.assertAccessible("confirmation");
    await chat.screenshot("05-confirmation");
    await chat.ask("potwierdzenie", "Konsultacja dermatologiczna");
    await chat.ask("lista", "Najbliższe wizyty");
    await chat.ask("lista", "Najbliższe wizyty");
    await chat.ask("linki", "Portal Pacjenta");
    await chat.assertAccessible("list and links");
    await chat.screenshot("06-list-links");
    const links = chat.page.locator("asystent-czat .links a");
    const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    assert.deepEqual(addresses, [
      "https://portal.example/mapa",
      "https://portal.example/mapa",
      "https://portal.example/",
      "tel:+48223322888",
      "mailto:opinie@luxmed.pl",
    ]);
    await chat.tap("Dermatolog");
    await chat.expect("Wybrano przyciskiem.");
  }));

test("a calendar file is downloaded with the token", () =>
  visiting({}, async (chat) => {
    await chat.open();
    await chat.ask("plik", "Dodaj do kalendarza");
    await chat.assertAccessible("file");
    const [download] = await Promise.all([chat.page.waitForEvent("download"), chat.tap("Dodaj do kalendarza")]);
    assert.equal(download.suggestedFilename(), "wizyta.ics");
    assert.match(readFileSync(await download.path(), "utf8"), /^BEGIN:VCALENDAR/);
  }));

test("typing is shown while the assistant works", () =>
  visiting({}, async (chat) => {
    await chat.open();
    await chat.say("wolno");
    await chat.page.locator("asystent-czat .typing").waitFor();
    await chat.assertAccessible("typing");
    await chat.screenshot("07-typing");
    await chat.expect("Już jestem.");
    await chat.page.locator("asystent-czat .typing").waitFor({ state: "detached" });
  }));

test("silence and failure of the assistant end in an apology", () =>
  visiting({}, async (chat) => {
    await chat.open();
    for (const trouble of ["cisza", "wyjątek"]) {
      const before = await chat.bubbles.count();
      await chat.ask(trouble, "Infolinię");
      await assertCount(chat.bubbles, before + 2);
    }
  }));

test("an emergency is answered at once", () =>
  visiting({}, async (chat) => {
    await chat.open();
    await chat.say("bardzo-wolno");
    await chat.ask("boli mnie w klatce", "112");
    assert.equal(await chat.page.locator('asystent-czat a[href="tel:112"]').count(), 1);
  }));

test("markup and templates in a text stay text", () =>
  visiting({}, async (chat) => {
    await chat.open();
    await chat.ask("html", "<script>");
    assert.match((await chat.texts()).at(-1), /<img src=x onerror="window\.__xss=1">.*\{\{pesel\}\} ważne/);
    await chat.ask("<b>x</b>", "Napisano: <b>x</b>");
    assert.equal(await chat.page.evaluate(() => globalThis.__xss), undefined);
    assert.equal(await chat.page.locator("asystent-czat .text img").count(), 0);
  }));

test("only new words of the assistant are announced, each once", () =>
  visiting({}, async (chat) => {
    await chat.open();
    await chat.ask("dwie", "Druga część.");
    const announced = () => chat.page.locator("asystent-czat #announcer p").allTextContents();
    assert.deepEqual(await announced(), ["Pierwsza część.", "Druga część."]);
    await chat.ask("opcje", "Jaka ma to być wizyta?");
    assert.match((await announced()).at(-1), /Odpowiedzi do wyboru: W placówce, Konsultacja Telefoniczna/);
    await chat.page.reload();
    await chat.expect("Druga część.");
    assert.deepEqual(await announced(), []);
  }));

test("a reload brings the conversation back and storage holds no words", () =>
  visiting({}, async (chat) => {
    await chat.open();
    await chat.ask("sekretne słowa", "Napisano: sekretne słowa");
    const texts = await chat.texts();
    await chat.page.reload();
    await chat.expect("Napisano: sekretne słowa");
    assert.deepEqual(await chat.texts(), texts);
    const stored = await chat.page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]));
    assert.doesNotMatch(stored, /sekretne|Napisano/);
    await chat.ask("dalej", "Napisano: dalej");
  }));

test("an answer that comes while the chat is closed shows as unread", () =>
  visiting({}, async (chat) => {
    await chat.open();
    await chat.say("wolno");
    await chat.page.keyboard.press("Escape");
    await chat.page.locator("asystent-czat .badge", { hasText: "1" }).waitFor();
    assert.equal(await chat.launcher.getAttribute("aria-label"), "Zapytaj asystenta, 1 nowa wiadomość");
    await chat.assertAccessible("unread");
    await chat.screenshot("08-unread");
    await chat.launcher.click();
    await chat.expect("Już jestem.");
    await chat.page.keyboard.press("Escape");
    await chat.launcher.waitFor();
    assert.equal(await chat.page.locator("asystent-czat .badge").count(), 0);
  }));

test("a text that is too long is not sent and not cut", () =>
  visiting({}, async (chat) => {
    await chat.open();
    const long = "ą".repeat(2002);
    await chat.input.fill(long);
    await chat.input.press("Enter");
    assert.match(await chat.page.locator("asystent-pole [role=alert]").innerText(), /za długa o 2 znaki/);
    assert.equal(await chat.input.inputValue(), long);
    await chat.assertAccessible("too long");
    assert.equal(await chat.page.locator("asystent-czat .mine").count(), 0);
  }));

async function assertCount(locator, count) {
  await locator.nth(count - 1).waitFor();
  assert.equal(await locator.count(), count);
}
