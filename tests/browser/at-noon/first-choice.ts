import { Session } from "@sunledger/model";
import type { Page } from "playwright-core";
import { afterEach, expect, test } from "vitest";
import { patient } from "../../support/patient.ts";
import type { Noon } from "./noon.ts";

/** Language and theme before and after the first sign-in; nobody has chosen any before. */
export function firstChoice(noon: Noon): void {
  let page: Page;

  afterEach(() => page?.context().close());

  test("are the browser's for an account that has chosen none", async () => {
    await openIn("zh-CN");
    await signIn("电子邮箱", "密码", "登录");

    expect(await look()).toEqual({ lang: "zh-CN", theme: "dark" });
    expect(await stored()).toEqual({ language: null, theme: null });
  });

  test("are asked for where one begins to type, without a failure on the console", async () => {
    const context = await noon.browser.newContext({ baseURL: noon.house.address, locale: "en-GB" });
    page = await context.newPage();
    const failures: string[] = [];
    page.on("console", (said) => said.type() === "error" && failures.push(said.text()));
    await page.goto("/");

    await page.locator("input[name=email]:focus").waitFor({ timeout: 30_000 });
    await signIn("E-mail", "Password", "Sign in");
    expect(failures).toEqual([]);
  });

  test("that were chosen before are kept and saved to the account", async () => {
    await openIn("en-GB");
    await page.getByText("中文", { exact: true }).click();
    await page.getByText("浅色", { exact: true }).click();
    await page.reload();
    await signIn("电子邮箱", "密码", "登录");

    expect(await look()).toEqual({ lang: "zh-CN", theme: "light" });
    await expect.poll(stored, patient).toEqual({ language: "zh-CN", theme: "light" });
    // What the server says at its next question does not undo it.
    const asked = page.waitForResponse((answer) => answer.url().endsWith("/api/v1/session"));
    await page.clock.fastForward(10_000);
    await (await asked).finished();
    expect(await look()).toEqual({ lang: "zh-CN", theme: "light" });
  });

  test("are what the account keeps where nothing was chosen in this browser", async () => {
    await openIn("en-GB");
    await signIn("E-mail", "Password", "Sign in");

    await expect.poll(look, patient).toEqual({ lang: "zh-CN", theme: "light" });
  });

  test("say that a server does not answer in time, and that one may try again", async () => {
    await openIn("zh-CN");
    await page.route("**/api/v1/session", (route) =>
      route.request().method() === "POST" ? undefined : route.continue(),
    );
    await fill("电子邮箱", "密码");
    const asked = page.waitForRequest((request) => request.method() === "POST");
    await page.getByRole("button", { name: "登录" }).click();
    await asked;
    await page.clock.fastForward(20_000);

    // Spoken by its focus, and by that alone.
    await page.locator("p:focus", { hasText: "服务器未及时响应" }).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(await page.getByRole("button", { name: "登录" }).isEnabled()).toBe(true);
  });

  async function openIn(locale: string): Promise<void> {
    const context = await noon.browser.newContext({ baseURL: noon.house.address, locale });
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await page.clock.install();
    await page.goto("/");
  }

  async function fill(email: string, password: string): Promise<void> {
    await page.getByLabel(email).fill("operator@sunledger.example");
    await page.getByLabel(password, { exact: true }).fill("sunledger-demo-2026");
  }

  async function signIn(email: string, password: string, button: string): Promise<void> {
    await fill(email, password);
    await page.getByRole("button", { name: button }).click();
    await page.waitForURL("**/overview");
    await page.getByRole("heading", { level: 1 }).waitFor();
  }

  async function look() {
    const root = page.locator("html");
    return { lang: await root.getAttribute("lang"), theme: await root.getAttribute("data-theme") };
  }

  async function stored() {
    const { user } = Session.parse(await (await page.request.get("/api/v1/session")).json());
    return { language: user.language, theme: user.theme };
  }
}
