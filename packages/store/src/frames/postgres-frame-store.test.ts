import type { Database } from "../database.ts";
import { openTestDatabase } from "../testing/database-for-test.ts";
import { noon } from "./contract-frames.ts";
import { frameStoreContract } from "./frame-store.contract.ts";
import type { FrameStore } from "./frame-store.ts";
import { postgresFrameStore } from "./postgres-frame-store.ts";
import { packDays } from "./postgres-pack-days.ts";

frameStoreContract("embedded PostgreSQL", async () => {
  const { database, close } = await openTestDatabase("frame store contract");
  const again = () => postgresFrameStore(database);
  return { store: again(), again, close };
});

const always = Date.UTC(9999, 11, 31) + 86_400_000;

// Readers see no difference: the same contract, with what was written packed before anybody looks.
for (const [name, before] of [
  ["each day packed at once", always],
  ["some days packed", noon],
] as const) {
  frameStoreContract(`embedded PostgreSQL, ${name}`, async () => {
    const { database, close } = await openTestDatabase(name);
    const again = () => packingAtOnce(database, before);
    return { store: again(), again, close };
  });
}

/** Packs the days that ended by an instant whenever anything is written. */
function packingAtOnce(database: Database, before: number): FrameStore {
  const store = postgresFrameStore(database);
  return {
    ...store,
    async write(batches) {
      const outcomes = await store.write(batches);
      for (const organisation of new Set(batches.map((batch) => batch.organisation))) {
        await packDays(database, { organisation, before });
      }
      return outcomes;
    },
  };
}
