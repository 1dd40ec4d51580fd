// A day chosen in the calendar: by keyboard, by touch, in every appearance; its words are an ordinary message.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { AssistantProcess } from "./support/assistant.mjs";
import { launch } from "./support/browser.mjs";
import { Chat } from "./support/chat.mjs";

const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
const TODAY = new Date("2026-11-20T10:00:00+01:00");
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

/** A chat on Friday, 20 November 2026, that was asked for a day; weekends and the 24th have nothing. */
async function asked(options, work) {
  const chat = await Chat.visit(browser, assistant.url, options);
  try {
    await chat.page.clock.setFixedTime(TODAY);
    await chat.open();
    await chat.ask("kalendarz", "Na kiedy mam poszukać?");
    await work(chat);
    chat.assertClean();
  } finally {
    await chat.close();
  }
}

const toggle = (chat) => chat.page.locator("asystent-kalendarz .toggle");
const month = (chat) => chat.page.locator("asystent-kalendarz #name");
const day = (chat, label) => chat.page.locator(`asystent-kalendarz .day[aria-label^="${label}"]`);

/** The name of what has the focus, whichever shadow it is in. */
const focused = (chat) =>
  chat.page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element.ariaLabel ?? element.className;
  });

async function keysLead(chat, steps) {
  for (const [key, label] of steps) {
    await chat.page.keyboard.press(key);
    await day(chat, label).and(chat.page.locator("[tabindex='0']")).waitFor();
    assert.equal((await focused(chat)).replace(", brak terminów", ""), label, key);
  }
}

test("by keyboard: every key of the grid, a full day is named and not taken, the words are sent once", () =>
  asked({}, async (chat) => {
    const { keyboard } = chat.page;
    assert.equal(await toggle(chat).getAttribute("aria-expanded"), "false");
    await toggle(chat).focus();
    await keyboard.press("Enter");
    await day(chat, "piątek, 20 listopada").waitFor();
    assert.equal(await focused(chat), "piątek, 20 listopada");
    assert.equal(await day(chat, "piątek, 20 listopada").getAttribute("aria-current"), "date");
    await chat.assertAccessible("calendar");
    await chat.screenshot("40-calendar");
    await keysLead(chat, [["ArrowRight", "sobota, 21 listopada"]]);
    assert.equal(await focused(chat), "sobota, 21 listopada, brak terminów");
    await keyboard.press("Enter");
    await keysLead(chat, [
      ["ArrowUp", "piątek, 20 listopada"], // nothing before the first day
      ["ArrowDown", "piątek, 27 listopada"],
      ["Home", "poniedziałek, 23 listopada"],
      ["End", "niedziela, 29 listopada"],
      ["PageDown", "wtorek, 29 grudnia"],
      ["PageDown", "wtorek, 19 stycznia 2027"], // the last day that can be meant
      ["PageUp", "sobota, 19 grudnia"],
      ["ArrowLeft", "piątek, 18 grudnia"],
    ]);
    assert.equal(await month(chat).innerText(), "grudzień 2026");
    await keyboard.press("Escape");
    assert.equal(await focused(chat), "toggle");
    assert.ok(await chat.input.isVisible(), "the chat stays open");
    await keyboard.press("Enter");
    await keysLead(chat, [["PageDown", "niedziela, 20 grudnia"]]);
    await keyboard.press("Enter");
    await chat.expect("Napisano: 20 grudnia");
    assert.deepEqual((await chat.texts()).slice(-2), ["20 grudnia", "Napisano: 20 grudnia"]);
    assert.equal(await chat.page.locator("asystent-kalendarz").count(), 0, "an answered question has no calendar");
  }));

test("by touch at 320 px: turned by its buttons, 44 px wide and high, nothing cut, the next year named", () =>
  asked(PHONE, async (chat) => {
    await toggle(chat).tap();
    await day(chat, "piątek, 20 listopada").waitFor();
    const [before, after] = ["Poprzedni miesiąc", "Następny miesiąc"].map((name) => chat.page.getByRole("button", { name }));
    assert.equal(await before.getAttribute("aria-disabled"), "true");
    await chat.screenshot("41-calendar-phone");
    await chat.assertAccessible("calendar on a phone");
    const boxes = await chat.page.locator("asystent-kalendarz button").evaluateAll((all) =>
      all.map((one) => ({ name: one.ariaLabel, ...one.getBoundingClientRect().toJSON() })),
    );
    assert.deepEqual(boxes.filter(({ width, height }) => width < 44 || height < 44), []);
    assert.deepEqual(boxes.filter(({ left, right }) => left < 0 || right > 320), []);
    await after.tap();
    await after.tap();
    assert.equal(await month(chat).innerText(), "styczeń 2027");
    assert.equal(await chat.page.locator("asystent-kalendarz [aria-live]").innerText(), "styczeń 2027");
    assert.equal(await after.getAttribute("aria-disabled"), "true");
    await day(chat, "wtorek, 12 stycznia").tap();
    await chat.expect("Napisano: 12 stycznia 2027");
  }));

test("400 % zoom (320 x 256), dark and high contrast", async () => {
  const looks = {
    zoom: { viewport: { width: 320, height: 256 } },
    dark: { colorScheme: "dark" },
    contrast: { forcedColors: "active", contrast: "more" },
  };
  for (const [name, options] of Object.entries(looks)) {
    await asked(options, async (chat) => {
      await toggle(chat).click();
      await day(chat, "wtorek, 24 listopada").waitFor();
      await chat.assertAccessible(`calendar, ${name}`);
      await chat.screenshot(`42-calendar-${name}`);
      assert.ok(await chat.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      await day(chat, "środa, 25 listopada").click();
      await chat.expect("Napisano: 25 listopada");
    });
  }
});

test("words can be written all the while; the offer has a calendar too; it is announced once", () =>
  asked({}, async (chat) => {
    const announced = await chat.page.locator("asystent-czat #announcer p").allTextContents();
    assert.deepEqual(
      announced.filter((line) => line.includes("kalendarz")),
      ["Na kiedy mam poszukać? Można napisać na przykład „we wtorek po 16”. Odpowiedzi do wyboru: Jak najszybciej, Pokaż kalendarz"],
    );
    await toggle(chat).click();
    await chat.ask("we wtorek po 16", "Napisano: we wtorek po 16");
    await chat.ask("terminy", "Znalazłem trzy wolne terminy");
    assert.equal(await toggle(chat).getAttribute("aria-expanded"), "false");
    await toggle(chat).click();
    await chat.page.locator("asystent-kalendarz .day[tabindex='0']:focus").waitFor();
    await chat.page.evaluate(async () => {
      const czat = document.querySelector("asystent-czat");
      czat.requestUpdate(); // as when another device has read something
      await czat.updateComplete;
    });
    const [today, log] = [await day(chat, "piątek, 20 listopada").boundingBox(), await chat.log.boundingBox()];
    assert.ok(today.y >= log.y && today.y + today.height <= log.y + log.height, "the calendar stays in sight");
    await day(chat, "sobota, 21 listopada").click(); // nothing is known to be full here
    await chat.expect("Napisano: 21 listopada");
  }));

test("months, weeks and leaps of the calendar", async () => {
  const built = await build({ entryPoints: ["src/days.ts"], bundle: true, format: "esm", write: false });
  const code = Buffer.from(built.outputFiles[0].text).toString("base64");
  const { STEPS, firstFree, iso, monthsAfter, weeksOf } = await import(`data:text/javascript;base64,${code}`);
  const of = (text) => new Date(text);
  assert.equal(iso(monthsAfter(of("2027-01-31"), 1)), "2027-02-28");
  assert.equal(iso(monthsAfter(of("2028-03-31"), -1)), "2028-02-29");
  assert.equal(iso(STEPS.ArrowRight(of("2026-12-31"))), "2027-01-01");
  assert.equal(iso(STEPS.ArrowDown(of("2026-10-24"))), "2026-10-31"); // the night when clocks change
  const february = weeksOf(of("2027-02-10"));
  assert.deepEqual(february.map((week) => week.length), [7, 7, 7, 7]);
  assert.deepEqual(february.flat().map((day) => day.getUTCDate()), Array.from({ length: 28 }, (_, at) => at + 1));
  assert.equal(weeksOf(of("2026-11-05"))[0].findIndex(Boolean), 6); // 1 November 2026 is a Sunday
  const span = { min: "2026-11-20", max: "2026-11-23", excluded: ["2026-11-20", "2026-11-21"] };
  assert.equal(iso(firstFree(of("2026-11-01"), span)), "2026-11-22");
  assert.equal(iso(firstFree(of("2027-05-01"), span)), "2026-11-23");
});
