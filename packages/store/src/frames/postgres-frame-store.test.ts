import type { Database } from "../database.ts";
import { openTestDatabase } from "../testing/database-for-test.ts";
import { noon } from "./contract-frames.ts";
import { frameStoreContract } from "./frame-store.contract.ts";
import type { FrameStore } from "./frame-store.ts";
import { postgresFrameStore } from "./postgres-frame-store.ts";
import { packDays } from "./postgres-pack-days.ts";
import { rollUp } from "./rollups/postgres-roll-up.ts";

frameStoreContract("embedded PostgreSQL", async () => {
  const { database, close } = await openTestDatabase("frame store contract");
  const again = () => postgresFrameStore(database);
  return { store: again(), again, close };
});

const always = Date.UTC(9999, 11, 31) + 86_400_000;

// Readers see no difference: the same contract, with what was written packed and rolled up before anybody looks.
for (const [name, before] of [
  ["each day packed and rolled up at once", always],
  ["some days packed and rolled up", noon],
] as const) {
  frameStoreContract(`embedded PostgreSQL, ${name}`, async () => {
    const { database, close } = await openTestDatabase(name);
    const again = () => derivingAtOnce(database, before);
    return { store: again(), again, close };
  });
}

/** Packs the days, and rolls up the quarters, that ended by an instant whenever anything is written. */
function derivingAtOnce(database: Database, before: number): FrameStore {
  const store = postgresFrameStore(database);
  return {
    ...store,
    async write(batches) {
      const outcomes = await store.write(batches);
      for (const organisation of new Set(batches.map((batch) => batch.organisation))) {
        await packDays(database, { organisation, before });
        await rollUp(database, { organisation, before, timeZones: new Map() });
      }
      return outcomes;
    },
  };
}
