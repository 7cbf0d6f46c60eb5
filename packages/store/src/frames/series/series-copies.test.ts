import { randomUUID } from "node:crypto";
import { expect, test, vi } from "vitest";
import { patient } from "../../../../../tests/support/patient.ts";
import { seriesCopies } from "./series-copies.ts";
import type { SeriesFrame } from "./series-engine.ts";
import { SeriesError } from "./series-error.ts";

const pointsOf = () => ["energy.export"];
const away = new SeriesError("it did not answer", { kind: "away" });
const bad = new SeriesError("it refused a line", { kind: "line" });

test("copies that a store did not take come with the next ones, in their order", async () => {
  const engine = playedEngine();
  const troubles: unknown[] = [];
  const copies = seriesCopies(engine, (error) => troubles.push(error));
  engine.refuse = () => away;

  copies.add([frame(1)], pointsOf);
  await vi.waitFor(() => expect(engine.tries).toBe(1), patient);
  copies.add([frame(2)], pointsOf);
  await vi.waitFor(() => expect(engine.tries).toBe(2), patient);
  engine.refuse = () => undefined;
  copies.add([frame(3)], pointsOf);
  await vi.waitFor(() => expect(engine.taken).toEqual([1, 2, 3]), patient);

  expect(troubles).toEqual([away]); // told once
  await copies.close();
});

test("a line that is never taken keeps no other from its place", async () => {
  const engine = playedEngine();
  const troubles: unknown[] = [];
  const copies = seriesCopies(engine, (error) => troubles.push(error));
  engine.refuse = (frames) => (frames.some(({ sequence }) => sequence === 2) ? bad : undefined);

  copies.add([frame(1), frame(2), frame(3)], pointsOf);
  await vi.waitFor(() => expect(engine.taken).toEqual([1, 3]), patient);

  await copies.close();
  expect(troubles).toEqual([bad]);
});

/** Remembers the numbers that it took. */
function playedEngine() {
  const played = {
    taken: [] as number[],
    tries: 0,
    refuse: (_: readonly SeriesFrame[]): Error | undefined => undefined,
    async write(frames: readonly SeriesFrame[]) {
      played.tries += 1;
      const refusal = played.refuse(frames);
      if (refusal) throw refusal;
      played.taken.push(...frames.map(({ sequence }) => sequence));
    },
  };
  return played;
}

function frame(sequence: number): SeriesFrame {
  return {
    ...{ organisation: randomUUID(), device: randomUUID(), layout: "00000000000000a2" },
    ...{ at: Date.UTC(2026, 5, 21), clock: "synced", sequence, stream: 1, values: [sequence] },
  };
}
