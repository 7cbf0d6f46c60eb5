import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  batchOf,
  counters,
  countersHash,
  frame,
  more,
  moreHash,
  noon,
  powers,
  powersHash,
  valuesOf,
} from "./contract-frames.ts";
import type { FrameStore } from "./frame-store.ts";
import { keepingContract } from "./keeping.contract.ts";
import { rangesContract } from "./ranges.contract.ts";
import { readingContract } from "./reading.contract.ts";
import { refusalsContract } from "./refusals.contract.ts";
import { valuesContract } from "./values.contract.ts";
import { writingContract } from "./writing.contract.ts";

/** What every frame store promises. `open` is called once; each test writes to organisations of its own. */
export function frameStoreContract(
  name: string,
  open: () => Promise<{
    readonly store: FrameStore;
    /** Another store in the same place, as another program opens it; a store in memory has none. */
    readonly again?: () => FrameStore;
    close(): Promise<void>;
  }>,
): void {
  describe(`frame store: ${name}`, { timeout: 60_000 }, () => {
    let store: FrameStore;
    let again: (() => FrameStore) | undefined;
    let close: () => Promise<void>;

    beforeAll(async () => {
      ({ store, again, close } = await open());
      await store.keepLayout(powersHash, powers);
      await store.keepLayout(countersHash, counters);
      await store.keepLayout(moreHash, more);
    }, 120_000);

    afterAll(async () => {
      await close?.();
    });

    writingContract(() => store);
    valuesContract(() => store);
    readingContract(() => store);
    rangesContract(() => store);
    keepingContract(() => store);
    refusalsContract(() => store);

    test("shows what it has written to whoever opens it next, if it promises to last", async () => {
      const batch = batchOf([frame(1, noon, [1, 2, 3])]);
      await store.write([batch]);

      expect(again !== undefined).toBe(store.promises.durableOnReturn);
      const other = again?.() ?? store;
      expect((await valuesOf(other, batch)).map(({ value }) => value)).toEqual([1, 2, 3]);
      expect((await other.write([batch]))[0]).toMatchObject({ repeated: 1, settled: [[1, 1]] });
    });
  });
}
