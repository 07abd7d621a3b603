// Starts the Chromium of this machine, and writes down everything on a page that a visitor should never meet:
// console messages, script errors, failed requests, requests to other hosts.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser", chromium.executablePath()];

/** Starts a browser that talks to nobody but the pages under test. */
export async function launch() {
  const executablePath = process.env.CHROMIUM ?? PLACES.find(existsSync);
  if (!executablePath) throw new Error("no Chromium found; tests/run installs one, or set CHROMIUM to its path");
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({
    executablePath,
    args: [
      ...asRoot,
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Collects the troubles of a page from now on; `root` is the address under which all its requests must lie. */
export function listen(page, root) {
  const troubles = [];
  const requests = [];
  page.on("console", (message) => {
    troubles.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on("dialog", (dialog) => {
    troubles.push(`a script opened a window: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("pageerror", (error) => troubles.push(`script error: ${error.message}`));
  page.on("requestfailed", (request) => troubles.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  page.on("response", (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    requests.push(request.url());
    if (!request.url().startsWith(root) && !request.url().startsWith("data:")) {
      troubles.push(`outside the site: ${request.url()}`);
    }
  });
  return { troubles, requests };
}

/** The button of the reading tools with this name, wherever the page has put it. */
export function tool(page, name) {
  return page.getByRole("button", { name });
}

/** Opens the menu that holds the reading tools, where a narrow page has folded them away, and presses one. */
export async function press(page, name) {
  const button = tool(page, name).first();
  if (!(await button.isVisible())) await page.locator("header summary").first().click();
  await button.click();
}
