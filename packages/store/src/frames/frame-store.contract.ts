import { afterAll, beforeAll, describe } from "vitest";
import { counters, countersHash, more, moreHash, powers, powersHash } from "./contract-frames.ts";
import type { FrameStore } from "./frame-store.ts";
import { readingContract } from "./reading.contract.ts";
import { refusalsContract } from "./refusals.contract.ts";
import { valuesContract } from "./values.contract.ts";
import { writingContract } from "./writing.contract.ts";

/** What every frame store promises. `open` is called once; each test writes to organisations of its own. */
export function frameStoreContract(
  name: string,
  open: () => Promise<{ readonly store: FrameStore; close(): Promise<void> }>,
): void {
  describe(`frame store: ${name}`, { timeout: 60_000 }, () => {
    let store: FrameStore;
    let close: () => Promise<void>;

    beforeAll(async () => {
      ({ store, close } = await open());
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
    refusalsContract(() => store);
  });
}
