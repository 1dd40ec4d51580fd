// A headless Chromium: the system's if there is one, else the one carried by @sparticuz/chromium.
import { execFileSync } from "node:child_process";
import { chromium as playwright } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function systemBrowser() {
  for (const name of NAMES) {
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {
      // not on PATH
    }
  }
  return null;
}

export async function launch() {
  const system = systemBrowser();
  if (system) return playwright.launch({ executablePath: system, args: ["--no-sandbox"] });
  const { default: carried } = await import("@sparticuz/chromium");
  // One process for everything would end with the first page that is closed.
  const args = carried.args.filter((arg) => !["--single-process", "--no-zygote"].includes(arg));
  return playwright.launch({ executablePath: await carried.executablePath(), args, headless: true });
}
