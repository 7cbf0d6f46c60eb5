import { LatestValues } from "@sunledger/model";
import type { Page } from "playwright-core";
import { afterEach, beforeAll, expect, test } from "vitest";
import { modbusTestClient } from "../../../simulators/src/testing/modbus-client.ts";
import { until } from "../../support/until.ts";
import { violationsOn } from "../../support/violations.ts";
import { enter, type Noon, pathOf } from "./noon.ts";

/** The register of a Huawei inverter that holds its limit, in tenths of a percent. */
const limitAt = 40_125;
/** Behind the ten devices of the first plant. */
const firstOfBaishan = 10;

/** How a set-point is written and taken back. */
export function setPoints(noon: Noon): void {
  const opened: Page[] = [];
  let address: string;

  beforeAll(async () => {
    address = await pathOf(noon, "baishan", "INV-01");
  });

  afterEach(async () => {
    for (const page of opened.splice(0)) await page.context().close();
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
    const before = await houseTime(page);
    await until("the next second of the house", async () => (await houseTime(page)) > before);
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
    const { page } = await enter(noon, { email });
    opened.push(page);
    await page.goto(`${address}${under}`);
    return page;
  }

  async function houseTime(page: Page): Promise<number> {
    const answer = await page.request.get(`/api/v1${address}/latest`);
    return LatestValues.parse(await answer.json()).serverTime;
  }

  /** What the inverter itself holds, past the gateway. */
  async function limit(): Promise<number> {
    const client = await modbusTestClient(noon.house.ports.simulators + firstOfBaishan);
    const { body } = await client.read(3, limitAt, 1);
    client.close();
    return body.readUInt16BE(2);
  }
}
