import type { Socket as NetSocket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Listener } from "../testing/live-house.ts";
import { sampleAnnouncement } from "../testing/sample-plants.ts";
import { until } from "../testing/until.ts";
import { liveBench, noon, patient, second } from "./testing/live-bench.ts";

vi.setConfig(patient);

test("a slow client loses updates, never their order, and ends up with the newest", async () => {
  const { house, client, id, joinedOnce } = await liveBench(onTestFinished);
  const points = Array.from({ length: 2_000 }, (_, i) => `dc.string.${i}.current`);
  const [device] = await house.records.devices(house.organisation);
  if (!device) throw new Error("no device");
  const announced = sampleAnnouncement(device, noon + second);
  const [like] = announced.points;
  if (!like) throw new Error("no point");
  await house.announce({ ...announced, points: points.map((name) => ({ ...like, name })) });
  const room = `device:${id("INV-01")}`;
  await joinedOnce(room, ({ table }) => table.length === points.length);

  const quick = await house.listen(await house.cookie());
  await quick.join(room);

  const wire = wireOf(client);
  wire.pause();
  const sent = 80; // each of 80 kB: more than a connection's buffers hold
  for (let i = 1; i <= sent; i += 1) {
    const value = String(i).padStart(38, "1");
    const values = Object.fromEntries(points.map((name) => [name, value]));
    await house.accepted(noon + i * second, { "INV-01": values });
    await until(async () => {
      await house.clock.advance(house.clock.now() + 250);
      return quick.updates.at(-1)?.[1] === noon + i * second;
    });
  }
  expect(quick.updates).toHaveLength(sent);
  wire.resume();
  await until(async () => {
    await house.clock.advance(house.clock.now() + second);
    return client.updates.at(-1)?.[1] === noon + sent * second;
  });

  const times = client.updates.map(([, at]) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times.length).toBeLessThan(sent);
});

/** The client's own end of the wire. */
function wireOf({ socket }: Listener): NetSocket {
  const { ws } = socket.io.engine.transport as unknown as { ws: { _socket: NetSocket } };
  return ws._socket;
}
