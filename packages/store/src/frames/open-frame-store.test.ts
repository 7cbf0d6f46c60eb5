import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renewIncarnation } from "../incarnation.ts";
import { openTestDatabase, type TestDatabase } from "../testing/database-for-test.ts";
import { whyAway } from "../why-away.ts";
import { openFrameStore } from "./open-frame-store.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await openTestDatabase("open frame store");
}, 120_000);

afterAll(async () => {
  await db.close();
});

describe("the frame store", () => {
  test("is in the database of the records, or in one of its own", async () => {
    const [shared, own] = [
      await openFrameStore(undefined, db.database),
      await openFrameStore(db.appUrl, db.database),
    ];

    expect(await own.incarnation()).toBe(await shared.incarnation());
    await own.close();
    await shared.close();
    expect(await shared.incarnation()).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("has another incarnation after a restore (D-15)", async () => {
    const store = await openFrameStore(undefined, db.database);
    const before = await store.incarnation();

    const renewed = await renewIncarnation(db.ownerUrl);

    expect(renewed).not.toBe(before);
    expect(await store.incarnation()).toBe(renewed);
  });

  test("is at no address that names none", async () => {
    await expect(openFrameStore("elsewhere", db.database)).rejects.toThrow(
      /names no known store; known are postgres:\/\/, influxdb\+http:\/\//,
    );
  });

  test("is away, not wrong, where nothing listens yet", async () => {
    const nobody = openFrameStore("influxdb+http://127.0.0.1:9/sun", db.database);

    const error: unknown = await nobody.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(String(error)).toMatch(/InfluxDB at http:\/\/127.0.0.1:9 could not say its version/);
    expect(whyAway(error)).toBe(
      "The database cannot be asked: its store of time series does not answer.",
    );
  });
});
