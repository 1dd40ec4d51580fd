// Files and the log-in in a real browser against the real front desk with a scripted assistant.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AssistantProcess } from "./support/assistant.mjs";
import { launch } from "./support/browser.mjs";
import { Chat } from "./support/chat.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGM8ISfHwMDAxMDAwMDAAAANBAEIfXHKZgAAAABJRU5ErkJggg==",
  "base64",
);
const HEIC = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic"), Buffer.alloc(400)]);

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

const png = (name) => ({ name, mimeType: "image/png", buffer: PNG });

async function loggedIn(chat) {
  await chat.logIn("Barbara");
  await chat.open();
  await chat.page.locator("asystent-pole .attach").first().waitFor();
}

const choose = (chat, files) => chat.page.locator("asystent-pole #files").setInputFiles(files);

test("a chosen file is sent and the conversation goes on", () =>
  visiting({}, async (chat) => {
    await loggedIn(chat);
    await chat.assertAccessible("files possible");
    await choose(chat, png("Wyniki krwi.png"));
    await chat.page.locator("asystent-czat .mine", { hasText: "Plik: Wyniki krwi.png" }).waitFor();
    await chat.expect("file_uploaded");
    await chat.page.locator("asystent-czat .tray").waitFor({ state: "detached" });
    await chat.screenshot("30-file-sent");
  }));

test("the conversation names the file that was not taken, the others go on", () =>
  visiting({}, async (chat) => {
    await loggedIn(chat);
    await choose(chat, [png("dobre.png"), { name: "IMG_0007.HEIC", mimeType: "image/heic", buffer: HEIC }]);
    await chat.expect("IMG_0007.HEIC");
    await chat.expect("zrzut ekranu");
    await chat.expect("file_uploaded");
    await chat.assertAccessible("file refused");
  }));

test("a file that is too large is refused before it is sent, and can be taken off the list", () =>
  visiting(PHONE, async (chat) => {
    await loggedIn(chat);
    const large = { name: "skan.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(8 * 1024 * 1024 + 1) };
    await choose(chat, large);
    const row = chat.page.locator("asystent-czat .tray li.refused");
    assert.match(await row.innerText(), /skan\.pdf[\s\S]*8 MB/);
    assert.match(await chat.page.locator("asystent-czat .room").innerText(), /Na koncie zmieszczą? się jeszcze \d/);
    await chat.assertAccessible("file too large");
    await chat.screenshot("31-file-too-large-phone");
    const size = await row.locator("button.drop").boundingBox();
    assert.ok(size.width >= 44 && size.height >= 44);
    await row.locator("button.drop").click();
    await row.waitFor({ state: "detached" });
  }));

test("a failed upload can be repeated", () =>
  visiting({}, async (chat) => {
    await loggedIn(chat);
    await chat.page.route("**/attachments?*", (route) => route.abort());
    await choose(chat, png("wynik.png"));
    const row = chat.page.locator("asystent-czat .tray li.failed");
    await row.waitFor();
    await chat.assertAccessible("upload failed");
    await chat.screenshot("32-upload-failed");
    await chat.page.unroute("**/attachments?*");
    await row.locator("button.again").click();
    await chat.expect("file_uploaded");
  }));

test("files can be dropped on the conversation", () =>
  visiting({}, async (chat) => {
    await loggedIn(chat);
    const data = await chat.page.evaluateHandle((bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], "upuszczony.png", { type: "image/png" }));
      return transfer;
    }, [...PNG]);
    await chat.page.dispatchEvent("asystent-czat .panel", "dragover", { dataTransfer: data });
    await chat.page.locator("asystent-czat .dropzone").waitFor();
    await chat.assertAccessible("dragging");
    await chat.screenshot("33-dragging");
    await chat.page.dispatchEvent("asystent-czat .panel", "drop", { dataTransfer: data });
    await chat.page.locator("asystent-czat .mine", { hasText: "upuszczony.png" }).waitFor();
  }));

test("on a phone there is a camera, all by touch, dark as well", () =>
  visiting({ ...PHONE, colorScheme: "dark" }, async (chat) => {
    await loggedIn(chat);
    const buttons = chat.page.locator("asystent-pole .attach");
    assert.deepEqual(await buttons.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label"))), [
      "Dodaj plik",
      "Zrób zdjęcie",
    ]);
    await chat.page.locator("asystent-pole #photo").setInputFiles(png("zdjecie.png"));
    await chat.expect("file_uploaded");
    await chat.assertAccessible("phone with camera, dark");
    await chat.screenshot("34-camera-phone-dark");
  }));

test("a visitor has no file button; after the log-in the request is taken up", () =>
  visiting({}, async (chat) => {
    await chat.open();
    assert.equal(await chat.page.locator("asystent-pole .attach").count(), 0);
    await chat.ask("logowanie do dermatologa", "potrzebne jest zalogowanie");
    await chat.logIn("Barbara");
    await chat.expect("Dziękuję za zalogowanie");
    await chat.page.locator("asystent-czat .mine", { hasText: "logowanie do dermatologa" }).waitFor();
    await chat.screenshot("35-after-log-in");
  }));

test("log-out ends the session: nothing of it is shown any more", () =>
  visiting({}, async (chat) => {
    await loggedIn(chat);
    await chat.ask("sekret", "Napisano: sekret");
    await chat.page.evaluate(() => document.querySelector("asystent-czat").logOut());
    await chat.page.locator("asystent-czat .mine").waitFor({ state: "detached" });
    await chat.page.locator("asystent-czat .notice").waitFor();
    assert.equal(await chat.page.locator("asystent-pole .attach").count(), 0);
  }));
