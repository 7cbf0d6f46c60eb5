import type { CommandResult } from "@sunledger/model";
import { afterEach, expect, test } from "vitest";
import { until } from "../../../tests/support/until.ts";
import { closeBench, started } from "./testing/started.ts";

afterEach(closeBench);

test("tells the bytes of a polled device's line, and asks it for nothing (trait 25)", async () => {
  const { order, ended, said, clock } = await started();
  const id = order({ kind: "trace", device: "INV-01", most: 2, forMs: 60_000 });
  const isAccepted = () => said(id).some(({ state }) => state === "accepted");
  await until("accepted", isAccepted, { timeoutMs: 30_000 });
  await ended(order({ kind: "read", device: "INV-01", points: ["ac.power.active"] }));

  expect(await ended(id)).toMatchObject({ state: "done", traced: { pieces: 2, isFull: true } });
  expect(bytesOf(said(id))).toEqual([
    { at: clock.now(), direction: "sent", hex: expect.stringMatching(/^00010000000601/) },
    { at: clock.now(), direction: "got", hex: expect.stringMatching(/^00010000/) },
  ]);
});

test("tells nothing of a line on which nothing goes, and ends in time", async () => {
  const { order, ended, said } = await started();
  const id = order({ kind: "trace", device: "INV-01", forMs: 1_000 });

  expect(await ended(id)).toMatchObject({ state: "done", traced: { pieces: 0, isFull: false } });
  expect(bytesOf(said(id))).toEqual([]);
});

test("is ended by another order, and refused of a device that is not polled", async () => {
  const { order, ended } = await started();
  const id = order({ kind: "trace", device: "INV-01", forMs: 60_000 });
  order({ kind: "cancel", id });
  expect(await ended(id)).toMatchObject({ state: "failed", code: "cancelled" });

  const none = order({ kind: "trace", device: "INV-09" });
  expect(await ended(none)).toMatchObject({ state: "refused", code: "unknownDevice" });
});

function bytesOf(said: readonly CommandResult[]) {
  return said.flatMap((result) => (result.state === "progress" ? (result.bytes ?? []) : []));
}
