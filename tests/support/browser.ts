import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const executablePath = process.env.SUNLEDGER_CHROMIUM ?? "/usr/bin/chromium";

export function hasChromium(): boolean {
  return existsSync(executablePath);
}

/** Debian's Chromium with an empty profile, drawing in software, without a way out of this machine. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

/** Every page that a test has opened, for who tells what was on it when the test failed. */
const opened = new Set<Page>();

/** What is read on the pages that are still open, each under its address. */
export async function shownNow(): Promise<string> {
  const texts = [...opened].map(async (page) => {
    const text = await page.innerText("body", { timeout: 2_000 }).catch(String);
    return `${page.url()}\n${text}`;
  });
  return (await Promise.all(texts)).join("\n\n");
}

/** A page that keeps what its console complains about. */
export async function openPage(
  browser: Browser,
  address: string,
  zone = "Europe/Berlin",
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const context = await browser.newContext({
    baseURL: address,
    locale: "en-GB",
    timezoneId: zone,
    viewport: { width: 1_920, height: 1_080 },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  opened.add(page);
  page.on("close", () => opened.delete(page));
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return { page, complaints };
}

export async function signInAt(page: Page, email = "operator@sunledger.example"): Promise<void> {
  await page.goto("/");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("sunledger-demo-2026");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/overview");
}
