import { drivenClock } from "@sunledger/runtime";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type LiveHouse, liveHouse } from "../testing/live-house.ts";
import { liveBench, noon, patient, second } from "./testing/live-bench.ts";

vi.setConfig(patient);

describe("a live connection", () => {
  test("ends the connection with the session", async () => {
    const { house } = await liveBench(onTestFinished);
    const cookie = await house.cookie();
    const leaving = await house.listen(cookie);
    const gone = new Promise((resolve) => leaving.socket.once("disconnect", resolve));

    await fetch(`${house.address}/api/v1/session`, { method: "DELETE", headers: { cookie } });

    expect(await gone).toBe("io server disconnect");
  });

  test.each([
    ["has ended elsewhere", (house: LiveHouse) => house.endSessions()],
    [
      "has gone over to another organisation",
      (house: LiveHouse) => {
        const { membership } = house.records;
        house.records.membership = async (user) => {
          const known = await membership(user);
          return known && { ...known, organisation: crypto.randomUUID() };
        };
      },
    ],
    [
      "belongs to nobody's organisation any more",
      (house: LiveHouse) => {
        house.records.membership = async () => undefined;
      },
    ],
  ])("ends the connection of a sign-in that %s, within a minute", async (_, happens) => {
    const { house, client } = await liveBench(onTestFinished);
    await client.join(`plant:${house.plant}`);
    const gone = new Promise((resolve) => client.socket.once("disconnect", resolve));
    happens(house);
    await house.clock.advance(noon + 61 * second);

    expect(await gone).toBe("io server disconnect");
  });

  test("ends it by real time, where the house's clock stands still", async () => {
    const pace = drivenClock(noon);
    const still = await liveHouse(noon, { pace });
    const listener = await still.listen(await still.cookie());
    const gone = new Promise((resolve) => listener.socket.once("disconnect", resolve));
    still.endSessions();
    await pace.advance(noon + 61 * second);

    expect(await gone).toBe("io server disconnect");
    await still.stop();
  });

  test("goes on with a sign-in that still is, minute after minute", async () => {
    const { house, client, beat } = await liveBench(onTestFinished);
    await house.clock.advance(noon + 200 * second);
    await beat();

    expect(client.socket.connected).toBe(true);
  });
});
