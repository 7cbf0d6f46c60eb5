import { drivenClock } from "@sunledger/runtime";
import { afterEach, expect, test } from "vitest";
import { pollClasses } from "../polling/poll-class.ts";
import {
  closeAll,
  common,
  inverter,
  never,
  start,
  sunspecDevice,
} from "../polling/testing/opened-device.ts";
import { tracePage } from "./trace-page.ts";

afterEach(closeAll);

test("shows what a device is sent and says while it is polled (trait 25)", async () => {
  const { device, page } = await opened();
  const asked = page(new URLSearchParams("device=INV-01&pieces=4&seconds=60"), never);
  await device.poll(start, new Set(pollClasses), never);

  const [status, type, text] = await asked;
  expect([status, type]).toEqual([200, "text/plain; charset=utf-8"]);
  expect(text.split("\n")).toEqual([
    "# the line of INV-01, with all units that share it",
    "2026-06-01T00:00:00.000Z > 00010000000601039c400002",
    "2026-06-01T00:00:00.000Z < 00010000000701030453756e53",
    expect.stringMatching(/Z > 0002/),
    expect.stringMatching(/Z < 0002/),
    "# 4 pieces",
    "",
  ]);
});

test("of a device that is not polled, or without bounds, it says what can be asked", async () => {
  const { page } = await opened();

  expect(await page(new URLSearchParams("device=INV-09"), never)).toEqual([
    404,
    expect.any(String),
    "there is no device INV-09: ?device= is one of INV-01\n",
  ]);
  for (const wrong of ["seconds=0", "seconds=61", "pieces=5001", "pieces=1e3", "seconds="]) {
    const [status, , text] = await page(new URLSearchParams(`device=INV-01&${wrong}`), never);
    expect([status, text]).toEqual([400, "seconds is 1 to 60, pieces is 1 to 5000\n"]);
  }
});

test("ends when nobody waits for it any more", async () => {
  const { page } = await opened();
  const gone = new AbortController();
  const asked = page(new URLSearchParams("device=INV-01&seconds=60"), gone.signal);
  gone.abort();

  expect((await asked)[0]).toBe(200);
});

async function opened() {
  const { device } = await sunspecDevice([common, inverter]);
  return { device, page: tracePage({ devices: () => [device], clock: drivenClock(start) }) };
}
