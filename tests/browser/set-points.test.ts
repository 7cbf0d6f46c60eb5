import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { modbusTestClient } from "../../simulators/src/testing/modbus-client.ts";
import { hasChromium, openBrowser, openPage, signInAt } from "../support/browser.ts";
import { startHouse, type TestHouse } from "../support/house.ts";
import { atNoon } from "../support/house-time.ts";
import { violationsOn } from "../support/violations.ts";

/** The register of a Huawei inverter that holds its limit, in tenths of a percent. */
const limitAt = 40_125;
/** Behind the ten devices of the first plant. */
const firstOfBaishan = 10;

const Plants = z.object({ items: z.array(z.object({ id: z.string(), code: z.string() })) });
const Plant = z.object({ devices: z.array(z.object({ id: z.string(), tag: z.string() })) });

describe.skipIf(!hasChromium())("who writes a set-point", () => {
  let house: TestHouse;
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    house = await startHouse({ history: false, args: atNoon });
    browser = await openBrowser();
    const { get } = await house.signIn();
    const { items } = Plants.parse(await get("/plants"));
    const plant = items.find(({ code }) => code === "baishan")?.id;
    const { devices } = Plant.parse(await get(`/plants/${plant}`));
    address = `/devices/${devices.find(({ tag }) => tag === "INV-01")?.id}`;
  });

  afterAll(async () => {
    await browser?.close();
    await house?.remove();
  });

  test("sees what it would change before it is written, and takes it back", async () => {
    const page = await pageOf("operator@sunledger.example");
    await page.getByRole("link", { name: "Set-points" }).click();
    await page.getByRole("heading", { level: 1, name: "Set-points of INV-01" }).waitFor();
    await page.getByText(/^Now 100(\.0+)?\s?%, read /).waitFor();
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByText("Give a number").waitFor();

    await page.getByLabel("Value, %").fill("60");
    await page.getByRole("button", { name: "Check" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.waitFor();
    expect(await dialog.innerText()).toMatch(
      /INV-01.*Now\s+100(\.0+)?\s?%\s+Afterwards\s+60(\.0+)?\s?%.*15 min/s,
    );
    expect(await violationsOn(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Leave it" }).click();
    await dialog.waitFor({ state: "hidden" });
    expect(await limit()).toBe(1_000);

    await page.getByRole("button", { name: "Check" }).click();
    await dialog.getByRole("button", { name: "Write it" }).click();
    await page.getByText("Written, and read back from the device.").waitFor();
    expect(await limit()).toBe(600);

    const order = page.getByRole("table", { name: "Orders" }).getByRole("row").nth(1);
    await order.filter({ hasText: /Operator.*60(\.0+)?\s?%.*done.*in 1\d min/ }).waitFor();

    // The clock of this house stands still for a second at a time: orders of one tick have no order.
    await page.waitForTimeout(1_100);
    await page.getByLabel("Value, %").fill("50");
    await page.getByRole("button", { name: "Check" }).click();
    await dialog.getByRole("button", { name: "Write it" }).click();
    await order.filter({ hasText: /50(\.0+)?\s?%.*done.*in 1\d min/ }).waitFor();
    const replaced = page.getByRole("table", { name: "Orders" }).getByRole("row").nth(2);
    await replaced.filter({ hasText: /60(\.0+)?\s?%.*A later order holds/ }).waitFor();
    expect(await replaced.getByRole("button").count()).toBe(0);
    expect(await limit()).toBe(500);

    await order.getByRole("button", { name: "Take back now" }).click();
    await page.getByText("The value from before is back").first().waitFor();
    expect(await limit()).toBe(1_000);
  });

  test("is told what the inverter would not take, and that a viewer may not", async () => {
    const before = await limit();
    const page = await pageOf("operator@sunledger.example", "/set-points");
    await page.getByLabel("Value, %").fill("140");
    await page.getByRole("button", { name: "Check" }).click();
    const refusal = page.getByRole("alert");
    await refusal.waitFor();
    expect(await refusal.innerText()).toMatch(/100/);
    expect(await page.getByRole("alertdialog").count()).toBe(0);

    const viewers = await pageOf("viewer@sunledger.example", "/set-points");
    await viewers.getByRole("heading", { level: 1, name: "You do not have access" }).waitFor();
    expect(await viewers.getByLabel("Value, %").count()).toBe(0);
    expect(await limit()).toBe(before);
  });

  async function pageOf(email: string, under = ""): Promise<Page> {
    const { page } = await openPage(browser, house.address);
    await signInAt(page, email);
    await page.goto(`${address}${under}`);
    return page;
  }

  /** What the inverter itself holds, past the gateway. */
  async function limit(): Promise<number> {
    const client = await modbusTestClient(house.ports.simulators + firstOfBaishan);
    const { body } = await client.read(3, limitAt, 1);
    client.close();
    return body.readUInt16BE(2);
  }
});
