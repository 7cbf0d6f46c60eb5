import { openBrowser, openPage, signInAt } from "../support/browser.ts";
import { startHouse } from "../support/house.ts";
import { openStored } from "../support/stored.ts";
import { until } from "../support/until.ts";

/** It moves by day and by night, and no two slots show the same. */
const point = "ac.voltage.an";
/** The interval of the fast class: a register changes half of it, at the median, before it is polled. */
const pollMs = 1_000;
/** What the screen rounds away of a voltage with one decimal. */
const roundingV = 0.06;

type Shown = { readonly at: number; readonly text: string };
/** The browser's part of the global object that this file uses inside the page. */
type Page = {
  seen: Shown[];
  MutationObserver: new (look: () => void) => { observe(target: unknown, options: object): void };
};

type Options = { readonly seconds?: number };

/**
 * How long a change of a register takes to the screen of somebody who watches the device, each value
 * timed in the page itself from the slot of its poll; before that a change waits half an interval at the median.
 */
export async function bench({ seconds = 60 }: Options = {}) {
  const house = await startHouse();
  const stored = await openStored(house.databaseUrl);
  const browser = await openBrowser();
  try {
    const meter = await until("a meter with values", async () => {
      const devices = await stored.records.devices(stored.organisation);
      return devices.find(({ tag, announcement }) => tag === "METER-01" && announcement);
    });
    const { page } = await openPage(browser, house.address);
    await signInAt(page);
    await page.goto(`/devices/${meter.id}`);
    const row = page.getByRole("row", { name: new RegExp(point.replaceAll(".", "\\.")) }).first();
    await row.waitFor();
    await row.evaluate((element) => {
      const inPage = globalThis as unknown as Page;
      inPage.seen = [];
      let last = "";
      const look = () => {
        const text = /[−-]?[\d,.]+\s*V/.exec(element.textContent ?? "")?.[0] ?? "";
        if (text !== last && text !== "") inPage.seen.push({ at: Date.now(), text });
        last = text;
      };
      const options = { childList: true, characterData: true, subtree: true };
      new inPage.MutationObserver(look).observe(element, options);
    });
    await page.waitForTimeout(seconds * 1_000);
    const shown = await page.evaluate(() => (globalThis as unknown as Page).seen);

    const from = (shown[0]?.at ?? 0) - 60_000;
    const query = {
      organisation: stored.organisation,
      devices: [meter.id],
      points: [point],
      from,
      to: from + 3_600_000,
    };
    const polled: { at: number; volts: number }[] = [];
    for await (const { at, value } of stored.store.read(query))
      polled.push({ at, volts: Number(value) });

    const delays = shown.flatMap(({ at, text }) => {
      const volts = Number.parseFloat(text);
      const source = polled.findLast(
        (one) => one.at <= at && Math.abs(one.volts - volts) <= roundingV,
      );
      return source ? [at - source.at] : [];
    });
    const p50 = quantile(delays, 0.5);
    return {
      figure: { name: "register change to screen, p50", ms: p50 + pollMs / 2 },
      limit: { name: "300 ms beyond the poll interval", ms: 300 + pollMs },
      ratio: (p50 + pollMs / 2) / (300 + pollMs),
      slotToScreenMs: { p50, p90: quantile(delays, 0.9), worst: Math.max(...delays) },
      shown: shown.length,
      matched: delays.length,
      pollMs,
      seconds,
    };
  } finally {
    await browser.close();
    await stored.close();
    await house.remove();
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}
