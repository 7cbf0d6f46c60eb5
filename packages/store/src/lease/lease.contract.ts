import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Lease } from "./lease.ts";

/** What every implementation of `Lease` promises: two of them are leases of the same. */
export function leaseContract(name: string, open: () => { one: Lease; other: Lease }): void {
  describe(name, () => {
    let one: Lease;
    let other: Lease;
    beforeEach(() => {
      ({ one, other } = open());
    });
    afterEach(async () => {
      await one.close();
      await other.close();
    });

    test("one has it at a time", async () => {
      const held = await one.take();
      expect(held?.aborted).toBe(false);
      expect(await other.take()).toBeUndefined();
      expect(await one.take()).toBe(held);
      expect(await other.take()).toBeUndefined();
    });

    test("what one gives up another may take, and give back", async () => {
      const held = await one.take();
      await one.close();
      expect(held?.aborted).toBe(true);
      expect((await other.take())?.aborted).toBe(false);
      expect(await one.take()).toBeUndefined();
      await other.close();
      expect((await one.take())?.aborted).toBe(false);
    });

    test("of several that ask at once one gets it", async () => {
      const answers = await Promise.all([one.take(), other.take(), one.take(), other.take()]);
      const held = new Set(answers.filter((answer) => answer !== undefined));
      expect(held.size).toBe(1);
    });
  });
}
