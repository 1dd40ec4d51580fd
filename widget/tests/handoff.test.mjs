// A person takes over in a real browser: called, waiting, there with a name, gone, or not there at all.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { AssistantProcess, scripted } from "./support/assistant.mjs";
import { launch } from "./support/browser.mjs";
import { Chat } from "./support/chat.mjs";
import { FakeDesk } from "./support/desk.mjs";

const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
let assistant, browser, desk;

before(async () => {
  desk = await FakeDesk.start();
  assistant = await AssistantProcess.start((port, folder) => {
    const { args } = scripted(port, folder);
    return { args: [...args, "--desk", desk.url] };
  });
  browser = await launch();
});

beforeEach(() => {
  desk.heard = [];
});

after(async () => {
  await browser?.close();
  await assistant?.stop();
  await desk?.stop();
});

async function called(patient, options, work) {
  const chat = await Chat.visit(browser, assistant.url, options);
  try {
    await chat.logIn(patient);
    await chat.open();
    await chat.ask("człowiek proszę", "Z konsultantem można porozmawiać");
    await chat.tap("Połącz z konsultantem");
    await chat.expect("wołam konsultanta");
    await work(chat);
    chat.assertClean();
    assert.deepEqual(desk.wrong, []);
  } finally {
    await chat.close();
  }
}

const byPerson = (chat, text) => chat.page.locator("asystent-czat .theirs", { hasText: "Konsultant:" }).filter({ hasText: text });

test("called, waiting, there, writing both ways, gone", () =>
  called("Barbara Zielonka", {}, async (chat) => {
    const request = await desk.event("handoff.requested");
    assert.match(request.summary_pl, /Pacjent: człowiek proszę/);
    await chat.assertAccessible("a person is called");
    await chat.screenshot("50-handoff-waiting");
    assert.equal(await chat.replies.count(), 1);
    assert.equal((await chat.replies.innerText()).trim(), "Wróć do asystenta");
    await desk.says(assistant.url, "handoff.accepted", { agent: "Anna" });
    await chat.expect("Rozmowę przejmuje konsultant: Anna");
    await desk.says(assistant.url, "typing", { on: true });
    await chat.page.locator("asystent-czat .typing").waitFor();
    await desk.says(assistant.url, "message.from_agent", { text: "Dzień dobry, w czym pomóc?", agent: "Anna" });
    await byPerson(chat, "Dzień dobry, w czym pomóc?").waitFor();
    await chat.page.locator("asystent-czat .person", { hasText: "Konsultant" }).waitFor();
    await chat.page.locator("asystent-czat .typing").waitFor({ state: "detached" });
    await chat.say("Chcę zmienić adres na koncie");
    assert.equal((await desk.event("message.from_patient")).text, "Chcę zmienić adres na koncie");
    await desk.says(assistant.url, "message.from_agent", { text: "Już zmieniam.", agent: "Anna" });
    await byPerson(chat, "Już zmieniam.").waitFor();
    await chat.page.locator("asystent-czat .head", { hasText: "Rozmowa z konsultantem" }).waitFor();
    await chat.assertAccessible("a person is there");
    await chat.screenshot("51-handoff-person");
    const announced = await chat.page.locator("asystent-czat #announcer p").allTextContents();
    assert.equal(announced.filter((line) => line.includes("Już zmieniam.")).length, 1);
    await desk.says(assistant.url, "handoff.ended");
    await chat.expect("znów odpowiada automatyczny asystent");
    await chat.page.locator("asystent-czat .head", { hasText: "Automatyczny" }).waitFor();
    await chat.screenshot("52-handoff-ended");
    assert.ok(!(await chat.texts()).includes("Napisano: Chcę zmienić adres na koncie"), "silent meanwhile");
    await chat.ask("jestem z powrotem", "Napisano: jestem z powrotem");
  }));

test("nobody is there: the hours, the phone, and the assistant again", () =>
  called("Tomasz Wróbel", { ...PHONE, colorScheme: "dark" }, async (chat) => {
    await desk.says(assistant.url, "handoff.unavailable", { hours: "pn–pt 8–20" });
    await chat.expect("pn–pt 8–20");
    await chat.expect("22 33 22 888");
    await chat.assertAccessible("nobody is there, dark, phone");
    await chat.screenshot("53-handoff-unavailable-phone-dark");
    await chat.ask("hej", "Napisano: hej");
  }));

test("back to the assistant by a tap; an emergency never waits; a reload shows who said what", () =>
  called("Ewa Dudek", PHONE, async (chat) => {
    await desk.says(assistant.url, "handoff.accepted", { agent: "Piotr" });
    await chat.expect("konsultant: Piotr");
    await desk.says(assistant.url, "message.from_agent", { text: "Słucham.", agent: "Piotr" });
    await chat.ask("boli mnie w klatce", "112");
    await chat.page.reload();
    await byPerson(chat, "Słucham.").waitFor();
    await chat.screenshot("54-handoff-phone");
    await desk.says(assistant.url, "message.from_agent", { text: "Proszę dzwonić na 112.", agent: "Piotr" });
    await byPerson(chat, "Proszę dzwonić na 112.").waitFor();
  }));

test("the patient goes back to the assistant", () =>
  called("Tomasz Wróbel", {}, async (chat) => {
    await chat.tap("Wróć do asystenta");
    await desk.event("conversation.closed");
    await chat.ask("hej", "Napisano: hej");
  }));
