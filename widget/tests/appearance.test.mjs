// Phone, zoom, dark, high contrast, reduced motion.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AssistantProcess } from "./support/assistant.mjs";
import { launch } from "./support/browser.mjs";
import { Chat } from "./support/chat.mjs";

const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
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
    await chat.open();
    await work(chat);
    chat.assertClean();
  } finally {
    await chat.close();
  }
}

async function booking(chat) {
  await chat.ask("terminy", "Znalazłem trzy wolne terminy");
  await chat.tap("14:40");
  await chat.ask("potwierdzenie", "Konsultacja dermatologiczna");
}

async function assertReflows(chat) {
  const wide = await chat.page.evaluate(() => {
    const { shadowRoot } = document.querySelector("asystent-czat");
    return [document.documentElement, ...shadowRoot.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
      .filter((element) => !element.matches(".hidden, .hidden *"))
      .map((element) => element.className || element.localName);
  });
  assert.deepEqual(wide, []);
  assert.ok(await chat.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
}

test("320 px wide: nothing is cut, everything can be touched", () =>
  visiting(PHONE, async (chat) => {
    await chat.screenshot("11-phone-open");
    const notice = await chat.page.locator("asystent-czat .notice").boundingBox();
    const head = await chat.page.locator("asystent-czat .head").boundingBox();
    assert.ok(notice.y >= head.y + head.height, "the notice is in sight before the first message");
    await booking(chat);
    await chat.screenshot("12-phone-confirmation");
    await chat.ask("terminy", "Znalazłem trzy wolne terminy");
    await chat.screenshot("13-phone-slots");
    await chat.ask("lista", "Najbliższe wizyty");
    await chat.ask("opcje", "Jaka ma to być wizyta?");
    await assertReflows(chat);
    await chat.assertAccessible("phone");
    const small = await chat.page.locator("asystent-czat button, asystent-czat a").evaluateAll((all) =>
      all
        .map((element) => ({ name: element.className, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 44 || box.height < 44)
        .map(({ name, box }) => `${name} ${box.width}x${box.height}`),
    );
    assert.deepEqual(small, []);
  }));

test("400 % zoom (320 x 256): the whole conversation can be reached", () =>
  visiting({ viewport: { width: 320, height: 256 } }, async (chat) => {
    await booking(chat);
    await assertReflows(chat);
    await chat.assertAccessible("zoom");
    await chat.input.scrollIntoViewIfNeeded();
    assert.ok(await chat.input.isVisible());
    await chat.screenshot("14-zoom");
  }));

test("dark", () =>
  visiting({ colorScheme: "dark" }, async (chat) => {
    await booking(chat);
    await chat.assertAccessible("dark");
    await chat.screenshot("15-dark");
    await chat.ask("terminy", "Znalazłem trzy wolne terminy");
    await chat.assertAccessible("dark slots");
    await chat.screenshot("16-dark-slots");
  }));

test("high contrast", () =>
  visiting({ forcedColors: "active", contrast: "more" }, async (chat) => {
    await booking(chat);
    await chat.screenshot("17-contrast");
    const border = await chat.page
      .locator("asystent-czat .launcher, asystent-czat .panel")
      .evaluate((element) => getComputedStyle(element).borderTopWidth);
    assert.equal(border, "2px");
  }));

test("reduced motion stops every animation", () =>
  visiting({ reducedMotion: "reduce" }, async (chat) => {
    await chat.say("bardzo-wolno");
    await chat.page.locator("asystent-czat .typing").waitFor();
    const running = await chat.page.evaluate(() => document.getAnimations().length);
    assert.equal(running, 0);
  }));

test("the page sets the colours", () =>
  visiting({}, async (chat) => {
    await chat.page.evaluate(() => document.querySelector("asystent-czat").style.setProperty("--asystent-primary", "rgb(90, 20, 90)"));
    const colour = await chat.page
      .locator("asystent-czat .head")
      .evaluate((element) => getComputedStyle(element).backgroundColor);
    assert.equal(colour, "rgb(90, 20, 90)");
  }));
