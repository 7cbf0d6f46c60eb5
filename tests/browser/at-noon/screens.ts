import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { signInAt } from "../../support/browser.ts";
import { thorough } from "../../support/thoroughness.ts";
import { violationsOn } from "../../support/violations.ts";
import { enter, look, type Noon, pathOf } from "./noon.ts";

const themes = ["dark", "grey", "light"] as const;
const languages = ["en", "zh-CN"] as const;

/** Every theme and every language at least once; all pairs where the suite is run whole. */
const looks = thorough(
  themes.flatMap((theme) => languages.map((language) => ({ theme, language }))),
  [
    { theme: "dark", language: "en" },
    { theme: "grey", language: "zh-CN" },
    { theme: "light", language: "en" },
  ] as const,
);

const Device = z.object({ texts: z.record(z.string(), z.string()) });

/** What every screen holds to. */
export function screens(noon: Noon): void {
  let page: Page;
  let complaints: readonly string[];
  let addresses: Readonly<Record<string, string>>;

  beforeAll(async () => {
    ({ page, complaints } = await enter(noon, { zone: "Australia/Adelaide" }));
    addresses = await findAddresses();
  });

  afterAll(async () => {
    await page?.context().close();
  });

  describe.each(looks)("in $theme and $language", ({ theme, language }) => {
    beforeAll(async () => {
      await look(page, { theme, language });
    });
    // What comes after finds things by their English names.
    afterAll(async () => {
      await look(page, { theme: "dark", language: "en" });
    });

    test.each(["overview", "plant", "setAside", "device", "me", "nowhere"])(
      "%s is accessible",
      async (name) => {
        await open(addresses[name] ?? `/${name}`);

        const root = page.locator("html");
        expect(await root.getAttribute("data-theme")).toBe(theme);
        expect(await root.getAttribute("lang")).toBe(language);
        expect(await violations()).toEqual([]);
      },
    );
  });

  test.each(["overview", "plant", "device"])(
    "%s is seen whole on a wall display and reflows on a phone",
    async (name) => {
      await open(addresses[name] ?? "");
      expect(await overflow("height")).toBeLessThanOrEqual(0);

      await page.setViewportSize({ width: 390, height: 844 });
      expect(await overflow("width")).toBeLessThanOrEqual(0);
      expect(await cutTexts()).toEqual([]);
      await page.setViewportSize({ width: 1_920, height: 1_080 });
    },
  );

  test.each([
    ["/overview", "Plants, worst first", 390],
    ["/overview", "Plants, worst first", 360],
    ["plant", "Devices", 390],
    ["plant", "Devices", 360],
  ])("%s cuts no column of the table %s at %d pixels", async (address, name, width) => {
    await page.setViewportSize({ width, height: 900 });
    await open(addresses[address] ?? address);
    const frame = page.getByRole("group", { name, exact: true });
    await frame.getByRole("row").nth(1).waitFor();

    const cut = await frame.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(cut).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1_920, height: 1_080 });
  });

  test.each([
    ["/admin/profiles", "All profiles", 1_440],
    ["/admin/profiles", "All profiles", 390],
    ["/admin/devices", "All devices", 390],
  ])("%s cuts no column of an administrator's table %s at %d pixels", async (to, name, width) => {
    const viewport = { width, height: 900 };
    const context = await noon.browser.newContext({ baseURL: noon.house.address, viewport });
    const own = await context.newPage();
    await signInAt(own, "admin@sunledger.example");
    await own.goto(to);
    const frame = own.getByRole("group", { name, exact: true });
    await frame.getByRole("row").nth(1).waitFor();

    const cut = await frame.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(cut).toBeLessThanOrEqual(0);
    await context.close();
  });

  test.each([390, 360])(
    "has every figure of a plant in the overview on %d pixels",
    async (width) => {
      await page.setViewportSize({ width, height: 844 });
      await open("/overview");
      const plant = page.getByRole("row").filter({ hasText: "Qinghe Rooftop" });
      const cells = plant.locator("[data-column]");
      await plant.locator('[data-column="power"]').filter({ hasText: /\d/ }).waitFor();
      const boxes = await Promise.all((await cells.all()).map((cell) => cell.boundingBox()));

      expect(boxes).toHaveLength(9);
      for (const box of boxes) {
        expect(box?.height).toBeGreaterThan(10);
        expect((box?.x ?? 0) + (box?.width ?? width)).toBeLessThanOrEqual(width);
      }
      expect(await violations()).toEqual([]);
      await page.setViewportSize({ width: 1_920, height: 1_080 });
    },
  );

  test("opens menus that are accessible and close by Escape", async () => {
    await open(addresses.plant ?? "");
    for (const name of ["Switch plant", "Operator", "Devices", "Day…"]) {
      const button = page.getByRole("button", { name, exact: true });
      await button.click();
      await page.locator('[role="menu"], [role="dialog"]').first().waitFor();
      expect([name, await violations()]).toEqual([name, []]);
      await page.keyboard.press("Escape");
      await page.locator('[role="menu"], [role="dialog"]').first().waitFor({ state: "hidden" });
    }
  });

  test.each(themes)("jumps by keyboard alone in the %s theme", async (theme) => {
    await look(page, { theme, language: "en" });
    await open("/overview");

    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await sheet.waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "hidden" });

    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await page.getByRole("combobox", { name: "Switch plant" }).fill("baishan");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Baishan Workshop" }).waitFor();

    await page.keyboard.press("Control+k");
    const search = page.getByRole("combobox", { name: "Go to a plant or device" });
    await search.fill("inv-04 qinghe");
    await page.getByRole("option", { name: /INV-04.*Qinghe Rooftop/ }).waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${addresses.device}`);
  });

  test("finds a device by its serial number, also by Enter before the answer", async () => {
    const { texts } = Device.parse(await read(`/api/v1${addresses.device}`));
    const serial = texts["id.serial"] ?? "";
    expect(serial).not.toBe("");
    const questions: string[] = [];
    await page.route("**/api/v1/search?*", async (route) => {
      questions.push(route.request().url());
      await new Promise((done) => setTimeout(done, 500));
      // A question that was taken back takes no answer.
      await route.continue().catch(() => undefined);
    });
    await open("/overview");
    await page.keyboard.press("Control+k");
    const search = page.getByRole("combobox", { name: "Go to a plant or device" });

    await search.fill("no such device");
    await page.getByRole("status").filter({ hasText: "Searching" }).waitFor();
    await page.getByRole("status").filter({ hasText: "Nothing has this name" }).waitFor();
    expect(await violations()).toEqual([]);
    questions.length = 0;
    await search.fill("");
    await search.pressSequentially(serial.toLowerCase(), { delay: 10 });
    await page.getByRole("option", { name: new RegExp(`INV-04.*${serial}`) }).waitFor();
    expect(questions.length).toBeLessThan(serial.length / 2);
    expect(await search.getAttribute("aria-activedescendant")).toBe("palette-place-0");
    await page.keyboard.press("Escape");

    await page.keyboard.press("Control+k");
    await search.pressSequentially(`${serial} inv-04`, { delay: 5 });
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${addresses.device}`);
    await page.unroute("**/api/v1/search?*");
  });

  test.each([1_920, 390])("reads a device as it is seen on %d pixels", async (width) => {
    await page.setViewportSize({ width, height: 1_080 });
    await open(addresses.device ?? "");
    const boxes = await page
      .locator("#screen section")
      .evaluateAll((panels) => panels.map((each) => each.getBoundingClientRect().toJSON()));
    const seen = [...boxes].sort((one, other) => one.left - other.left || one.top - other.top);
    await page.setViewportSize({ width: 1_920, height: 1_080 });

    expect(boxes).toHaveLength(3);
    expect(boxes).toEqual(seen);
  });

  test("turns a curve into its table and back by one key, and leaves the table its own keys", async () => {
    await open(addresses.plant ?? "");
    const picture = page.getByRole("img", { name: /^Power and irradiance/ });
    const table = page.getByRole("group", { name: "Power and irradiance" });
    const isFocused = (place: typeof table) =>
      place.evaluate((element) => element.ownerDocument.activeElement === element);
    await picture.focus();
    await page.keyboard.press("t");
    await table.waitFor();
    expect(await isFocused(table)).toBe(true);
    const isLeftAlone = (key: string) =>
      table.evaluate((element, pressed) => {
        const press = new Event("keydown", { bubbles: true, cancelable: true });
        return element.dispatchEvent(Object.assign(press, { key: pressed }));
      }, key);
    for (const key of ["PageDown", "PageUp", "Home", "End"])
      expect([key, await isLeftAlone(key)]).toEqual([key, true]);

    await page.keyboard.press("t");
    await picture.waitFor();
    expect(await isFocused(picture)).toBe(true);
  });

  test("says within the frame that an address, a plant or a device is not there", async () => {
    for (const [address, title] of [
      ["/nowhere", "There is no such page"],
      ["/plants/01890000-0000-7000-8000-000000000001", "There is no such plant"],
      ["/devices/01890000-0000-7000-8000-000000000001", "There is no such device"],
    ] as const) {
      await open(address);
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      await page.getByRole("navigation", { name: "Main" }).waitFor();
    }
  });

  test.each(["en", "zh-CN"] as const)(
    "says to a viewer in %s that what he may not open is not for him, and offers no way there",
    async (language) => {
      const context = await noon.browser.newContext({ baseURL: noon.house.address });
      const own = await context.newPage();
      await signInAt(own, "viewer@sunledger.example");
      const headers = { origin: noon.house.address };
      const data = { theme: "dark", language };
      await context.request.patch("/api/v1/session/preferences", { headers, data });
      const title = language === "en" ? "You do not have access" : "您没有访问权限";
      const inverter = addresses.device ?? "";
      const administration = ["devices", "devices/new", "gateways", "profiles"];
      const forbidden = ["/admin", ...administration.map((screen) => `/admin/${screen}`)];
      for (const address of [...forbidden, `${inverter}/set-points`]) {
        await own.goto(address);
        await own.getByRole("heading", { level: 1, name: title }).waitFor();
        expect(await own.locator("#screen").locator("input, form, table").count()).toBe(0);
      }
      await own.goto(inverter);
      await own.getByRole("heading", { level: 1, name: /INV-04/ }).waitFor();
      expect(await own.getByRole("link", { name: /Set-points|设定值/ }).count()).toBe(0);
      await context.close();
    },
  );

  test("has every way of the rail in its place on every screen", async () => {
    const rail = page.getByRole("navigation", { name: /Main|主导航/ });
    const places: string[] = [];
    for (const address of ["/overview", addresses.plant, addresses.device, "/me", "/nowhere"]) {
      await open(address ?? "");
      const entries = await rail.locator(":scope > *").all();
      const boxes = await Promise.all(entries.map((entry) => entry.boundingBox()));
      places.push(JSON.stringify(boxes.map((box) => [box?.y, box?.height])));
    }
    expect(new Set(places).size).toBe(1);
    expect(JSON.parse(places[0] ?? "[]")).toHaveLength(3);
  });

  test("keeps the sorting of the plants in the address", async () => {
    await look(page, { theme: "dark", language: "en" });
    await open("/overview");
    await page.getByRole("button", { name: /^Power/ }).click();
    await page.waitForURL("**/overview?sort=power");
    await page.reload();

    const head = page.getByRole("columnheader", { name: /^Power/ });
    await head.waitFor();
    expect(await head.getAttribute("aria-sort")).toBe("descending");
  });

  test.each([
    ["plant", "?period=2031-01-01&from=5&to=6"],
    ["device", "?period=2031-01-01"],
  ])("leaves a day of the %s that is still to come, in the address too", async (name, search) => {
    await open(`${addresses[name]}${search}`);

    await page.waitForURL((url) => url.pathname === addresses[name] && url.search === "");
    const today = page.getByRole("button", { name: "Today" });
    expect(await today.getAttribute("aria-pressed")).toBe("true");
  });

  test("keeps the page of what was set aside in the address", async () => {
    await open(`${addresses.setAside}?quarantine=2`);
    await page.getByRole("button", { name: "Newer" }).click();

    await page.waitForURL(`**${addresses.setAside}`);
  });

  test("leads back to the same address after signing in again", async () => {
    await read("/api/v1/session", undefined, "DELETE");
    await page.goto(`${addresses.plant}?period=7d`);
    await page.waitForURL("**/sign-in**");
    expect(await violations()).toEqual([]);
    await page.getByLabel("E-mail").fill("operator@sunledger.example");
    await page.getByLabel("Password", { exact: true }).fill("sunledger-demo-2026");
    await page.getByRole("button", { name: "Sign in" }).click();

    await page.waitForURL("**/plants/*?period=7d");
  });

  test("notices within seconds that the cookie of a page that listens is gone", async () => {
    await open(addresses.plant ?? "");
    await page.context().clearCookies();

    await page.waitForURL(/\/sign-in\?to=%2Fplants/, { timeout: 12_000 });
  });

  test("has nothing to complain about but what was not there and the sessions that had ended", () => {
    expect(complaints.filter((text) => !/status of 40[14]/.test(text))).toEqual([]);
  });

  async function open(address: string) {
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
    // Asked from outside: the page's policy lets no text be run in it.
    const loading = page.locator('[role="status"][aria-label]');
    await expect.poll(() => loading.count(), { timeout: 30_000 }).toBe(0);
  }

  /** Calls the api with the page's own session. */
  function read(path: string, body?: unknown, method = body ? "PATCH" : "GET"): Promise<unknown> {
    return page.evaluate(
      async ({ path, body, method }) => {
        const json = body
          ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
          : {};
        const answer = await fetch(path, { method, ...json });
        return answer.status === 204 ? undefined : answer.json();
      },
      { path, body, method },
    );
  }

  async function findAddresses() {
    const plant = await pathOf(noon, "qinghe");
    const inverter = await pathOf(noon, "qinghe", "INV-04");
    return { overview: "/overview", plant, setAside: `${plant}/set-aside`, device: inverter };
  }

  const violations = () => violationsOn(page);

  /** What the tiles say that is wider than they are. */
  function cutTexts(): Promise<string[]> {
    return page
      .getByTestId("tile")
      .locator("h2, p")
      .evaluateAll((texts) =>
        texts.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.outerHTML),
      );
  }

  /** How much of the screen does not fit, in pixels. */
  function overflow(side: "width" | "height"): Promise<number> {
    const of = side === "width" ? "Width" : "Height";
    return page.evaluate(`(({ scroll${of}, client${of} }) => scroll${of} - client${of})(
      document.querySelector("#screen"),
    )`);
  }
}
