import type { DeviceEvent, Frame } from "@sunledger/model";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ClockWatch, TimeMark } from "../timekeeping/clock-watch.ts";
import {
  allSettled,
  clock,
  closeDelivery,
  connected,
  deliver,
  gateway,
  keep,
  openDelivery,
  outbox,
  patient,
  peer,
  release,
  start,
  statuses,
} from "./testing/delivery-bench.ts";

const hour = 3_600_000;
let mark: TimeMark;
let synchronise: (anchor: number) => void;
const heard: number[] = [];

beforeEach(async () => {
  mark = { state: "unsynced", anchor: 0 };
  heard.length = 0;
  await openDelivery({ mark: () => mark });
});
afterEach(closeDelivery);

/** Stands for the machine: its clock is right when the test says so. */
const clockWatch: Pick<ClockWatch, "hear" | "told" | "onSynced"> = {
  hear: (at) => void heard.push(at),
  told: () => ({ state: mark.state, by: "system" }),
  onSynced(listener) {
    synchronise = listener;
    return () => {};
  },
};

test("frames that were never sent get their right time, those that were keep theirs (D-14)", async () => {
  await keep("values", 10);
  peer.acks = () => false;
  deliver({ clockWatch, reconnectMs: 20, patienceMs: 50 });
  await release();
  await vi.waitFor(() => expect(received()).toHaveLength(10), patient);

  // Nobody took them, and then the broker went: they may be stored, or not.
  await peer.closePort();
  await keep("values", 5);
  mark = { state: "synced" };
  synchronise(hour);
  await keep("values", 2);
  peer.acks = () => true;
  await peer.openPort();
  await allSettled();

  const clocks = new Map(received().map(({ sequence, clock }) => [sequence, clock]));
  expect([...clocks.entries()].sort(([a], [b]) => a - b).map(([, state]) => state)).toEqual([
    ...Array(10).fill("unsynced"),
    ...Array(5).fill("corrected"),
    ...Array(2).fill("synced"),
  ]);
  // Whatever is sent twice says the same twice.
  const times = Map.groupBy(received(), ({ sequence }) => sequence);
  for (const [, sent] of times) expect(new Set(sent.map(({ at }) => at)).size).toBe(1);
  const of = (sequence: number) => times.get(sequence)?.[0]?.at ?? 0;
  expect(of(11) - of(10)).toBe(hour + 1);
  expect(of(16) - of(15)).toBe(1 - hour);
});

test("what was corrected stands in the status and is an event of the device (D-14)", async () => {
  await peer.closePort();
  deliver({ clockWatch, reconnectMs: 20 });
  await keep("counters", 3);
  synchronise(-2 * hour);
  await vi.waitFor(() => expect(outbox.events()).toHaveLength(1), patient);
  await peer.openPort();

  await connected();
  expect(statuses().at(-1)?.clock).toEqual({
    ...{ state: "unsynced", by: "system" },
    corrected: { at: clock.now(), frames: 3, byMs: -2 * hour },
  });
  await vi.waitFor(() => {
    expect(peer.received.flatMap(({ events }) => events)).toMatchObject([
      { device: "INV-01", kind: "clockCorrected", point: "clock.offset" },
    ]);
  }, patient);
});

test("what happened to a device gets its right time unless it was sent (D-14)", async () => {
  const happening = { point: "state.sleep", before: "asleep", after: "asleep" } as const;
  const events = () => peer.received.flatMap(({ events }) => events as DeviceEvent[]);
  outbox.note("INV-01", [{ ...happening, kind: "awake", at: start }]);
  await vi.waitFor(() => expect(outbox.events()).toHaveLength(1), patient);
  peer.acks = () => false;
  deliver({ clockWatch, reconnectMs: 20 });
  outbox.note("INV-01", [{ ...happening, kind: "asleep", at: start + 1 }]);
  await vi.waitFor(() => expect(events()).toHaveLength(2), patient);

  await peer.closePort();
  outbox.note("INV-01", [{ ...happening, kind: "awake", at: start + 2 }]);
  synchronise(hour);
  await vi.waitFor(() => {
    expect(outbox.events().map(({ at }) => at)).toEqual([start, start + 1, start + 2 + hour]);
  }, patient);
  peer.acks = () => true;
  await peer.openPort();
  await vi.waitFor(() => expect(outbox.events()).toEqual([]), patient);

  const times = Map.groupBy(events(), ({ id }) => id);
  expect([...times.values()].map((said) => [...new Set(said.map(({ at }) => at))])).toEqual([
    [start],
    [start + 1],
    [start + 2 + hour],
  ]);
});

test("a disk that fails holds up no frame: what waits longer than it does is corrected (D-14)", async () => {
  let failing = true;
  const correct: typeof outbox.correct = (sent, anchor) =>
    failing ? Promise.reject(new Error("the disk fails")) : outbox.correct(sent, anchor);
  deliver({ clockWatch, outbox: { ...outbox, correct } });
  await connected();
  synchronise(hour);
  await keep("values", 2);
  await release();
  await allSettled();
  expect(received().map((frame) => frame.clock)).toEqual(["unsynced", "unsynced"]);

  failing = false;
  await keep("values", 2);
  await release();
  await allSettled();
  const states = new Map(received().map((frame) => [frame.sequence, frame.clock]));
  expect([...states.values()]).toEqual(["unsynced", "unsynced", "corrected", "corrected"]);
});

test("frames of an earlier life may have been sent: they keep their time (D-14)", async () => {
  await keep("values", 4);
  deliver({ clockWatch });
  synchronise(hour);
  await allSettled();

  expect(received().map(({ clock }) => clock)).toEqual(Array(4).fill("unsynced"));
  expect(outbox.events()).toEqual([]);
});

test("the platform's time in an ack is heard", async () => {
  deliver({ clockWatch });
  await connected();
  peer.sendAck(gateway, outbox.state().epoch, { at: start + 7 });

  await vi.waitFor(() => expect(heard).toEqual([start + 7]), patient);
});

function received(): readonly Frame[] {
  return peer.received.flatMap(({ frames }) => frames);
}
