import { randomUUID } from "node:crypto";
import type { AuditAction, Rollout } from "@sunledger/model";
import { beforeEach, describe, expect, test } from "vitest";
import { sampleEntry } from "../testing/sample-entry.ts";
import { sampleRollout } from "../testing/sample-rollout.ts";
import type { Audit } from "./audit.ts";
import type { Rollouts } from "./rollouts.ts";

export type RolloutsHouse = {
  readonly rollouts: Rollouts;
  readonly audit: Audit;
  readonly own: string;
  readonly other: string;
};

/** What every implementation of `Rollouts` promises. */
export function rolloutsContract(name: string, open: () => Promise<RolloutsHouse>) {
  describe(name, () => {
    let house: RolloutsHouse;
    beforeEach(async () => {
      house = await open();
    });

    test("keeps roll-outs, and lists the newest first", async () => {
      const [first, second] = [sampleRollout(1), sampleRollout(2)];
      await house.rollouts.add(house.own, first);
      await house.rollouts.add(house.own, second);

      expect(await house.rollouts.one(house.own, first.id)).toEqual(first);
      expect(await house.rollouts.list(house.own, 10)).toEqual([second, first]);
      expect(await house.rollouts.list(house.own, 1)).toEqual([second]);
    });

    test("lets one of two who change one at once have the word", async () => {
      const first = sampleRollout(1);
      await house.rollouts.add(house.own, first);
      const [mine, yours] = [
        { ...first, revision: 1, ring: 1 },
        { ...first, revision: 1, state: "stopped" as const },
      ];
      const saved = await Promise.all(
        [mine, yours].map((one) => house.rollouts.save(house.own, one)),
      );

      expect(saved.toSorted()).toEqual([false, true]);
      const kept = await house.rollouts.one(house.own, first.id);
      expect(kept).toEqual(saved[0] ? mine : yours);
      expect(await house.rollouts.save(house.own, { ...first, revision: 3 })).toBe(false);
    });

    test("writes down who began and changed one, the newest first, or nothing of both", async () => {
      const first = sampleRollout(1);
      const entryOf = (action: AuditAction) => sampleEntry(action, first.id);
      await house.rollouts.add(house.own, first, entryOf("beginRollout"));
      const save = (revision: number) =>
        house.rollouts.save(house.own, { ...first, revision }, entryOf("stopRollout"));
      expect(await save(2)).toBe(false);
      expect(await save(1)).toBe(true);

      const list = async (more: object = {}) =>
        house.audit.list({ organisation: house.own, most: 10, ...more });
      const [stopped, begun] = await list();
      expect([stopped, begun]).toMatchObject([entryOf("stopRollout"), entryOf("beginRollout")]);
      expect(await list()).toHaveLength(2);
      expect(await list({ before: stopped?.number })).toEqual([begun]);
      expect(await list({ most: 1 })).toEqual([stopped]);
      expect(await list({ action: "beginRollout" })).toEqual([begun]);
      expect(await house.audit.list({ organisation: house.other, most: 10 })).toEqual([]);
    });

    test("knows those of which something is to come", async () => {
      const running = sampleRollout(1);
      const heard: Rollout = { ...sampleRollout(2), state: "stopped" };
      const over: Rollout = { ...sampleRollout(3), state: "done" };
      const [step] = heard.steps;
      if (!step) throw new Error("no step");
      const sent: Rollout = { ...heard, id: randomUUID(), steps: [{ ...step, state: "sent" }] };
      const given: Rollout = { ...sampleRollout(4), state: "takingBack" };
      for (const one of [running, heard, over, sent, given])
        await house.rollouts.add(house.own, one);

      const open = async () => (await house.rollouts.open(house.own)).map(({ id }) => id);
      expect(await open()).toEqual([running.id, sent.id, given.id]);
      await house.rollouts.save(house.own, { ...running, revision: 1, state: "done" });
      expect(await open()).toEqual([sent.id, given.id]);
    });

    test("shows nothing to others", async () => {
      const mine = sampleRollout(1);
      await house.rollouts.add(house.own, mine);

      expect(await house.rollouts.one(house.other, mine.id)).toBeUndefined();
      expect(await house.rollouts.list(house.other, 10)).toEqual([]);
      expect(await house.rollouts.open(house.other)).toEqual([]);
      expect(await house.rollouts.save(house.other, { ...mine, revision: 1 })).toBe(false);
    });
  });
}
