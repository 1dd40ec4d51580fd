// A visit booked in Polish on the page, with everything real: the trained assistant and the sandbox portal.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AssistantProcess, freePort, whole } from "./support/assistant.mjs";
import { launch } from "./support/browser.mjs";
import { Chat } from "./support/chat.mjs";

const START_SECONDS = 240;
let assistant, browser, sandbox;

before(async () => {
  const port = await freePort();
  sandbox = `http://127.0.0.1:${port}`;
  const command = (own, folder) => {
    const { args, env } = whole(own, folder);
    return { args, env: { ...env, ASYSTENT_SANDBOX_PORT: String(port) } };
  };
  assistant = await AssistantProcess.start(command, START_SECONDS);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await assistant?.stop();
});

async function booked(account) {
  const state = await (await fetch(`${sandbox}/sandbox/state`)).json();
  return state.reservations.filter((visit) => visit.account === account && visit.status === "booked");
}

test("a phone consultation, by typing and tapping", async () => {
  const had = await booked("pat-vip");
  const chat = await Chat.visit(browser, assistant.url);
  await chat.logIn("Aleksander Sowiński");
  await chat.open();
  await chat.ask("Dzień dobry, chciałbym się umówić do internisty", "W placówce czy przez telefon?");
  await chat.tap("Przez telefon");
  await chat.expect("Wolne terminy");
  await chat.assertAccessible("offer");
  await chat.screenshot("20-booking-offer");
  await chat.ask("ten drugi", "Czy rezerwuję?");
  await chat.assertAccessible("read-back");
  await chat.screenshot("21-booking-read-back");
  assert.deepEqual(await booked("pat-vip"), had, "nothing is booked before the yes");
  await chat.tap("Tak, rezerwuję");
  await chat.expect("umówiono Konsultację Telefoniczną");
  await chat.screenshot("22-booking-done");
  await chat.assertAccessible("booked");
  const now = await booked("pat-vip");
  const made = now.filter((visit) => !had.some((old) => old.id === visit.id));
  assert.equal(made.length, 1);
  assert.equal(made[0].slot.kind, "phone");
  assert.equal(made[0].service_id, "internista-phone");
  chat.assertClean();
  await chat.close();
});

test("a visit in a facility on a phone: facts at once, a slot card tapped, the calendar file there", async () => {
  const had = await booked("pat-full-25");
  const chat = await Chat.visit(browser, assistant.url, { viewport: { width: 390, height: 780 }, hasTouch: true });
  await chat.logIn("Grzegorz Adamski");
  await chat.open();
  await chat.ask("ortopeda w warszawie w przyszlym tygodniu, najlepiej po poludniu", "Wolne terminy");
  await chat.screenshot("23-booking-phone-offer");
  await chat.page.locator("asystent-czat button.slot").first().click();
  await chat.expect("Czy rezerwuję?");
  await chat.ask("tak", "umówiono");
  await chat.screenshot("24-booking-phone-done");
  const made = (await booked("pat-full-25")).filter((visit) => !had.some((old) => old.id === visit.id));
  assert.equal(made.length, 1);
  assert.equal(made[0].slot.city_id, "warszawa");
  const file = chat.page.locator("asystent-czat .log", { hasText: "Dodaj do kalendarza" });
  await file.waitFor();
  chat.assertClean();
  await chat.close();
});

test("a day from the calendar under the offer, by keyboard", async () => {
  const chat = await Chat.visit(browser, assistant.url);
  await chat.logIn("Dorota Michalczyk");
  await chat.open();
  await chat.ask("Poproszę wizytę u internisty w placówce w Krakowie", "Wolne terminy");
  await chat.page.locator("asystent-kalendarz .toggle").focus();
  await chat.page.keyboard.press("Enter");
  await chat.page.locator("asystent-kalendarz .day[tabindex='0']").waitFor();
  // A working day of next week: clinics are open.
  for (const key of ["ArrowDown", "Home", "ArrowRight"]) await chat.page.keyboard.press(key);
  const day = chat.page.locator("asystent-kalendarz .day[tabindex='0']");
  const label = await day.getAttribute("aria-label");
  assert.match(label, /^wtorek, /);
  // A term cut by the edge of the view shows only a part of its words, which is no fault of its name.
  await chat.page.locator("asystent-kalendarz").evaluate((calendar) => calendar.scrollIntoView({ block: "start" }));
  await chat.assertAccessible("calendar under an offer");
  await chat.screenshot("26-booking-calendar");
  await chat.page.keyboard.press("Enter");
  const words = label.split(", ")[1];
  await chat.page.locator("asystent-czat .mine", { hasText: words }).waitFor();
  await chat.page.locator("asystent-czat .theirs", { hasText: `we wtorek ${words}` }).last().waitFor();
  await chat.screenshot("27-booking-day-chosen");
  chat.assertClean();
  await chat.close();
});

test("a visitor who is not logged in gets answers and no booking", async () => {
  const chat = await Chat.visit(browser, assistant.url);
  await chat.open();
  await chat.ask("jaki jest numer infolinii?", "22 33 22 888");
  await chat.ask("umów mnie do okulisty", "zalogować się do Portalu");
  await chat.ask("boli mnie w klatce piersiowej i nie mogę oddychać", "112");
  await chat.screenshot("25-anonymous-emergency");
  chat.assertClean();
  await chat.close();
});
