import { ImportCheck } from "@sunledger/model";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../support/until.ts";
import { violationsOn } from "../../support/violations.ts";
import { enter, type Noon, pathOf } from "./noon.ts";

const gateway = "baishan-gw";
/** What an administrator does to many devices: imports, replacements, roll-outs. */
export function administration(noon: Noon): void {
  let page: Page;
  let complaints: readonly string[];
  /** The page where an inverter of the gateway is replaced. */
  let replacing: string;

  beforeAll(async () => {
    ({ page, complaints } = await enter(noon, { email: "admin@sunledger.example" }));
    replacing = `/admin${await pathOf(noon, "baishan", "INV-01")}/replace`;
  });

  afterAll(async () => {
    await page?.context().close();
  });

  test("brings a list, is told each bad row, and has the good ones polled", async () => {
    // A list of one address may be checked so often a minute, and no more.
    await until("INV-01 to be announced and kept", isTaken, { everyMs: 5_000 });
    await page.goto("/admin/devices");
    await page.getByRole("link", { name: "Import a list" }).click();
    await page.getByLabel("File").setInputFiles({
      name: "devices.csv",
      mimeType: "application/vnd.ms-excel",
      buffer: Buffer.from(
        [
          "gateway,tag,name,profile,url,rated ac kw",
          `${gateway},INV-20,Roof east,sunspec,${simulated(2)},110`,
          `${gateway},INV-01,Old one,sunspec,tcp://127.0.0.1:9,`,
          `${gateway},INV 21,,hal-9000,tcp://127.0.0.1:9,much`,
        ].join("\n"),
      ),
    });

    const faults = page.getByRole("table", { name: "What is wrong" });
    const row = (line: number, text: string) =>
      faults.getByRole("row", { name: new RegExp(`^${line} .*${text}`) });
    await row(3, "The plant has a device of this tag already").waitFor();
    await row(4, "There is no such profile").waitFor();
    expect(await faults.getByRole("row").count()).toBe(1 + 1 + 5);
    expect(await violationsOn(page)).toEqual([]);
    await page.getByRole("button", { name: `Add 1 device to ${gateway}` }).click();
    await page.getByText(`${gateway} polls 1 device more.`).waitFor();

    await page.getByRole("link", { name: "All devices" }).click();
    await page.getByRole("row").filter({ hasText: "INV-20" }).getByText("Roof east").waitFor();
    expect(complaints.filter((each) => !each.includes("401"))).toEqual([]);
  });

  test("puts another inverter into the place of one, whose history goes on", async () => {
    await page.goto(replacing);
    const address = page.getByLabel("Address of the device");
    await address.waitFor();
    expect(await address.inputValue()).toMatch(/^tcp:/);
    await address.fill(simulated(1));
    await page.getByLabel("Read it as").selectOption("sunspec");
    await page.getByRole("button", { name: "Read the new device" }).click();
    await page.getByRole("button", { name: "The values are right" }).click();

    const both = page.getByRole("table", { name: "The old device and the new one" });
    await both.getByRole("row").filter({ hasText: "Serial number" }).waitFor();
    await page
      .getByRole("table", { name: "Counters over the exchange" })
      .getByRole("row", { name: /Wh.*Wh$/ })
      .first()
      .waitFor();
    await page.getByLabel("Rated AC power, kW").fill("110");
    await page.getByRole("button", { name: "Replace INV-01" }).click();
    await page.getByRole("table", { name: "Live values of INV-01" }).waitFor();

    await page.getByRole("link", { name: "Open the device" }).click();
    const exchanges = page.getByRole("table", { name: "Exchanges of this device" });
    await exchanges.getByRole("row", { name: /its gateway$/ }).waitFor({ timeout: 90_000 });
    await page.getByRole("table", { name: "Counted at this place" }).waitFor();
    await page
      .getByText(/^110\s?kW$/)
      .first()
      .waitFor();
  });

  test("rolls a change out to one gateway first, and stops there", async () => {
    await page.goto("/admin/rollouts");
    await page.getByRole("button", { name: "Roll a change out" }).click();
    await page.getByRole("button", { name: "Intervals" }).click();
    await page.getByLabel("Fast points, s").fill("2");
    await page.getByLabel(`Ring of ${gateway}`).selectOption("1");
    await page.getByLabel("Ring of qinghe-gw").selectOption("2");
    await page.getByRole("button", { name: "Begin with 1 gateway" }).click();

    const steps = page.getByRole("table", { name: "Gateways" });
    const given = new RegExp(`^1 ${gateway} (on its way|applied)`);
    // What was given to it before has to prove itself first, and so has what it gets back.
    await steps.getByRole("row", { name: given }).waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped.").waitFor();
    await steps.getByRole("row", { name: /^2 qinghe-gw waiting/ }).waitFor();
    await page.getByRole("button", { name: "Take back…" }).click();
    await page.getByRole("button", { name: "Take back now" }).click();
    await page.getByText("Taken back.").waitFor({ timeout: 60_000 });

    await page
      .getByRole("list", { name: "What was done with it since" })
      .getByText(/^Stopped/)
      .waitFor();
    await page.getByRole("link", { name: "Audit log" }).click();
    const entries = page.getByRole("table", { name: "What people did" });
    await entries
      .getByRole("row", { name: /Stopped a roll-out .* state running → stopped/ })
      .waitFor();
    await page.getByLabel("Only").selectOption("Rated a device");
    await entries.getByRole("row", { name: /INV-01 ratedAcW .* → 110000/ }).waitFor();
  });

  /** Whether the records know the gateway's first inverter by now: a house is ready before that. */
  async function isTaken(): Promise<boolean> {
    const answer = await page.request.post("/api/v1/device-imports/check", {
      headers: { "content-type": "text/csv" },
      data: `gateway,tag,name,profile,url\n${gateway},INV-01,Old one,sunspec,tcp://127.0.0.1:9`,
    });
    return ImportCheck.parse(await answer.json()).faults.some(({ code }) => code === "taken");
  }

  function simulated(number: number): string {
    return `tcp://127.0.0.1:${noon.house.ports.simulators + number}?unit=1`;
  }
}
