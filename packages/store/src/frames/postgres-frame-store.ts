import { Lane } from "@sunledger/model";
import { type Database, readOrganisation } from "../database.ts";
import type { FrameStore } from "./frame-store.ts";
import { readMultirange } from "./multirange.ts";
import { readAccount } from "./postgres-account.ts";
import { readAside } from "./postgres-aside.ts";
import { readBuckets } from "./postgres-buckets.ts";
import { readCells } from "./postgres-cells.ts";
import { readCoverage } from "./postgres-coverage.ts";
import { forgetDays } from "./postgres-forget.ts";
import { postgresLayouts } from "./postgres-layouts.ts";
import { pointsOf } from "./postgres-places.ts";
import { readQuarantinedRows } from "./postgres-quarantine.ts";
import { readLatest, readValueAt } from "./postgres-reading.ts";
import { readConflicts, readGaps, readQuarantined } from "./postgres-refusals.ts";
import { postgresWrite } from "./postgres-write.ts";

/**
 * Keeps frames in PostgreSQL, one row a frame, or packed by days (`packDays`), under row-level security.
 * Each answer is of one view of the database: a day is seen open or packed.
 */
export function postgresFrameStore({ pool }: Database): FrameStore {
  const layouts = postgresLayouts(pool);

  return {
    promises: { keepsConflicts: true, exactCounters: true, durableOnReturn: true },

    async incarnation() {
      const { rows } = await pool.query<{ id: string }>("select id from incarnation");
      const [row] = rows;
      if (!row) throw new Error("the frame store has no incarnation: run the migration");
      return row.id;
    },

    keepLayout: layouts.keep,
    layout: layouts.find,
    write: postgresWrite(pool, layouts),

    settled(organisation, gateway) {
      return readOrganisation(pool, organisation, async (client) => {
        const { rows } = await client.query<{ epoch: string; lane: string; numbers: string }>(
          "select epoch, lane, numbers::text from settled where gateway = $1 order by number",
          [gateway],
        );
        return rows.map(({ epoch, lane, numbers }) => {
          return { epoch, lane: Lane.parse(lane), settled: readMultirange(numbers) };
        });
      });
    },

    account(query) {
      return readOrganisation(pool, query.organisation, (client) => readAccount(client, query));
    },

    aside(organisation, gateway) {
      return readOrganisation(pool, organisation, (client) => readAside(client, gateway));
    },

    quarantinedRows(query) {
      return readOrganisation(pool, query.organisation, (client) =>
        readQuarantinedRows(client, query),
      );
    },

    quarantined(query) {
      return readOrganisation(pool, query.organisation, (client) => readQuarantined(client, query));
    },

    conflicts(query) {
      return readOrganisation(pool, query.organisation, (client) =>
        readConflicts(client, layouts, query),
      );
    },

    gaps(query) {
      return readOrganisation(pool, query.organisation, (client) => readGaps(client, query));
    },

    latest(query) {
      return readOrganisation(pool, query.organisation, (client) =>
        readLatest(client, layouts, query),
      );
    },

    pointsOf(organisation, device) {
      return readOrganisation(pool, organisation, (client) => pointsOf(client, device));
    },

    read: (range) => readCells(pool, range),

    buckets(range) {
      return readOrganisation(pool, range.organisation, (client) => readBuckets(client, range));
    },

    coverage(range) {
      return readOrganisation(pool, range.organisation, (client) => readCoverage(client, range));
    },

    forget: (query) => forgetDays(pool, query),

    valueAt(query) {
      return readOrganisation(pool, query.organisation, (client) => readValueAt(client, query));
    },
  };
}
