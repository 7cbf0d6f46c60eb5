import type { LiveJoined, LiveUpdate } from "@sunledger/model";
import { type Listener, type LiveHouse, liveHouse } from "../../testing/live-house.ts";
import { sampleAnnouncement } from "../../testing/sample-plants.ts";
import { until } from "../../testing/until.ts";

export const second = 1_000;
export const noon = Date.UTC(2026, 5, 21, 4);

/** What hashes passwords, slowly on purpose, on a machine that may be busy. */
export const patient = { testTimeout: 120_000, hookTimeout: 60_000 };

export type LiveBench = {
  readonly house: LiveHouse;
  /** Somebody who is signed in and listens. */
  readonly client: Listener;
  /** A device's id by its tag. */
  id(tag: string): string;
  /** Joins until the answer is as wished: what the broker brings may still be on its way. */
  joinedOnce(room: string, wished: (joined: LiveJoined) => boolean): Promise<LiveJoined>;
  /** The next update, the clock going on until it is there. */
  nextUpdate(): Promise<LiveUpdate>;
  /** Waits until everything that was sent before has arrived. */
  beat(): Promise<void>;
  /** The newest active power of a device, by reading. */
  latestOf(tag: string): Promise<unknown>;
};

/** A house at noon whose devices are announced and answer, until the test says that it is over. */
export async function liveBench(onOver: (stop: () => Promise<void>) => void): Promise<LiveBench> {
  const house = await liveHouse(noon);
  onOver(() => house.stop());
  for (const device of await house.records.devices(house.organisation)) {
    await house.announce(sampleAnnouncement(device, noon));
  }
  const reach = { state: "reachable" as const, since: noon };
  await house.status({
    ...{ state: "online", at: noon },
    devices: Object.fromEntries([...house.devices.keys()].map((tag) => [tag, reach])),
  });
  const client = await house.listen(await house.cookie());
  let signedIn: string | undefined;
  const id = (tag: string) => house.devices.get(tag) ?? "";

  return {
    ...{ house, client, id },

    async joinedOnce(room, wished) {
      let found: LiveJoined | undefined;
      await until(async () => {
        client.socket.emit("leave", room);
        const joined = await client.join(room);
        if (joined.ok && joined.table.length > 0 && wished(joined)) found = joined;
        return found;
      });
      return found as LiveJoined;
    },

    async nextUpdate() {
      const before = client.updates.length;
      await until(async () => {
        await house.clock.advance(house.clock.now() + 100);
        return client.updates.length > before;
      });
      return client.updates[before] as LiveUpdate;
    },

    async beat() {
      const before = client.beats.length;
      await until(async () => {
        await house.clock.advance(house.clock.now() + second);
        return client.beats.length > before;
      });
    },

    async latestOf(tag) {
      signedIn ??= await house.cookie();
      const answer = await fetch(`${house.address}/api/v1/devices/${id(tag)}/latest`, {
        headers: { cookie: signedIn },
      });
      const { values } = (await answer.json()) as { values: { point: string; value: unknown }[] };
      return values.find(({ point }) => point === "ac.power.active")?.value;
    },
  };
}

/** An update's values by the numbers of their points. */
export function valuesOf(update: LiveUpdate | undefined): Record<number, unknown> {
  const [, , values = []] = update ?? [];
  const pairs: Record<number, unknown> = {};
  for (let i = 0; i < values.length; i += 2) pairs[Number(values[i])] = values[i + 1];
  return pairs;
}
