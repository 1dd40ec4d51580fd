// The log-in with everything real: it is over in the middle of a booking, is proved once more, or is another's.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AssistantProcess, freePort, whole } from "./support/assistant.mjs";
import { launch } from "./support/browser.mjs";
import { Chat } from "./support/chat.mjs";

const START_SECONDS = 240;
const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
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

/** The portal's page: who is logged in there, for how long each token is good, and whether identity was proved again. */
class Page {
  patient = null;
  seconds = 900;
  proved = false;

  async token() {
    if (!this.patient) return null;
    const body = JSON.stringify({ patient: this.patient, seconds: this.seconds, step_up: this.proved });
    const answer = await fetch(`${sandbox}/sandbox/tokens`, { method: "POST", body });
    assert.equal(answer.status, 200);
    return (await answer.json()).token;
  }
}

async function loggedIn(patient, options, work) {
  const chat = await Chat.visit(browser, assistant.url, options);
  const page = new Page();
  page.patient = patient;
  try {
    await chat.launcher.waitFor();
    await chat.page.exposeFunction("portalToken", () => page.token());
    await chat.page.evaluate(() => {
      const czat = document.querySelector("asystent-czat");
      globalThis.given = 0;
      czat.tokenProvider = async () => {
        const token = await globalThis.portalToken();
        setTimeout(() => (globalThis.given += 1)); // when the chat has it
        return token;
      };
      czat.restart();
    });
    await chat.open();
    await work(chat, page);
    chat.assertClean();
  } finally {
    await chat.close();
  }
}

const restart = (chat) => chat.page.evaluate(() => document.querySelector("asystent-czat").restart());

/** The patient looks at the page again (it was in the background): the chat takes the token of now. */
async function lookAgain(chat) {
  const given = await chat.page.evaluate(() => {
    document.dispatchEvent(new Event("visibilitychange"));
    return globalThis.given;
  });
  await chat.page.waitForFunction((before) => globalThis.given > before, given);
}

/** From now on the token that the chat has is worth nothing. */
async function outlive(chat, page) {
  page.seconds = -120; // beyond what clocks may differ by
  await lookAgain(chat);
  page.seconds = 900;
}

async function booked(account) {
  const state = await (await fetch(`${sandbox}/sandbox/state`)).json();
  return state.reservations.filter((visit) => visit.account === account && visit.status === "booked");
}

async function readBack(chat) {
  await chat.ask("internista przez telefon proszę", "Wolne terminy");
  await chat.page.locator("asystent-czat button.slot").first().click();
  await chat.expect("Czy rezerwuję?");
}

test("the token expires before the yes, and the page has another: nobody notices", () =>
  loggedIn("vip", {}, async (chat, page) => {
    const had = await booked("pat-vip");
    const refused = [];
    chat.page.on("response", (answer) => answer.status() === 401 && refused.push(answer.url()));
    await readBack(chat);
    await outlive(chat, page);
    await chat.tap("Tak, rezerwuję");
    await chat.expect("umówiono Konsultację Telefoniczną");
    assert.ok(refused.some((url) => url.endsWith("/messages")), "the yes met an expired token");
    assert.equal((await booked("pat-vip")).length, had.length + 1);
    assert.equal((await chat.texts()).filter((text) => text === "Tak, rezerwuję").length, 1);
    assert.equal(await chat.banner.innerText(), "");
  }));

test("the log-in is over before the yes: asked for, danger is answered all the same, then on from there", () =>
  loggedIn("full_25", PHONE, async (chat, page) => {
    const had = await booked("pat-full-25");
    await readBack(chat);
    await outlive(chat, page);
    page.patient = null;
    await chat.say("tak, rezerwuję");
    await chat.banner.getByText("Minął czas zalogowania").waitFor();
    await chat.page.locator("asystent-czat .failure", { hasText: "Nie wysłano" }).waitFor();
    await chat.page.locator("asystent-czat .theirs").first().waitFor({ state: "detached" });
    await chat.assertAccessible("log-in over");
    await chat.screenshot("60-log-in-over-phone");
    await chat.ask("boli mnie w klatce piersiowej i nie mogę oddychać", "112");
    await chat.screenshot("61-log-in-over-emergency-phone");
    assert.deepEqual(await booked("pat-full-25"), had, "nothing is booked for nobody");
    await chat.page.evaluate(() =>
      addEventListener("asystent-login", () => {
        globalThis.askedToLogIn = true;
      }),
    );
    await chat.page.getByRole("button", { name: "Zaloguj się" }).tap();
    assert.equal(await chat.page.evaluate(() => globalThis.askedToLogIn), true);
    page.patient = "full_25";
    await restart(chat);
    await chat.expect("umówiono Konsultację Telefoniczną");
    assert.equal((await booked("pat-full-25")).length, had.length + 1);
    assert.equal((await chat.texts()).filter((text) => text === "tak, rezerwuję").length, 1);
    assert.equal(await chat.banner.innerText(), "");
    await chat.screenshot("62-logged-in-again-phone");
  }));

test("another patient logs in instead: the yes and the conversation stay the first one's", () =>
  loggedIn("group", {}, async (chat, page) => {
    const had = [await booked("pat-group"), await booked("pat-cito")];
    await readBack(chat);
    await outlive(chat, page);
    page.patient = null;
    await chat.say("tak, rezerwuję");
    await chat.banner.getByText("Minął czas zalogowania").waitFor();
    page.patient = "cito";
    await restart(chat);
    await chat.banner.getByText("Minął czas zalogowania").waitFor({ state: "detached" });
    await chat.ask("jaki jest numer infolinii?", "22 33 22 888");
    assert.ok(!(await chat.texts()).some((text) => text.includes("tak, rezerwuję") || text.includes("Czy rezerwuję?")));
    assert.deepEqual([await booked("pat-group"), await booked("pat-cito")], had);
  }));

test("log-out in the middle of a booking ends it", () =>
  loggedIn("parent", {}, async (chat, page) => {
    const had = await booked("pat-parent");
    await chat.ask("internista przez telefon dla mnie proszę", "Wolne terminy");
    await chat.page.locator("asystent-czat button.slot").first().click();
    await chat.expect("Czy rezerwuję?");
    page.patient = null;
    await chat.page.evaluate(() => document.querySelector("asystent-czat").logOut());
    await chat.page.locator("asystent-czat .mine").first().waitFor({ state: "detached" });
    assert.equal(await chat.banner.innerText(), "");
    await chat.ask("umów mnie do okulisty", "zalogować się do Portalu");
    assert.deepEqual(await booked("pat-parent"), had);
  }));

for (const [what, { wish, shown, colorScheme }] of Object.entries({
  results: { wish: "czy są już moje wyniki badań?", shown: "Gotowe wyniki otwiera się w Portalu", colorScheme: "light" },
  prescriptions: { wish: "chcę odnowić receptę", shown: "Którą receptę odnowić?", colorScheme: "dark" },
})) {
  test(`step-up for ${what}: asked for, refused, a question instead, done`, () =>
    loggedIn("full", { colorScheme }, async (chat, page) => {
      await chat.say(wish);
      await chat.page.locator("asystent-czat .replies", { hasText: "Gotowe, sprawdź" }).waitFor();
      await chat.assertAccessible(`step-up for ${what}`);
      await chat.screenshot(`63-step-up-${what}`);
      const asked = await chat.bubbles.count();
      await chat.tap("Gotowe, sprawdź"); // not yet done
      await chat.bubbles.nth(asked + 1).getByText("ponowne potwierdzenie tożsamości").waitFor();
      assert.equal(await chat.page.getByText(shown).count(), 0);
      await chat.ask("a jaki jest numer na infolinię?", "22 33 22 888");
      page.proved = true;
      await lookAgain(chat);
      await chat.ask("już potwierdzone, gotowe", shown);
      await chat.assertAccessible(`${what} shown`);
      await chat.screenshot(`64-${what}-shown`);
    }));
}
