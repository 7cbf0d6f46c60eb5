import { type Database, readOrganisation, withinOrganisation } from "../database.ts";
import type { Conditions, KeptCondition } from "./conditions.ts";

type Row = Omit<KeptCondition, "start" | "end" | "foundAt"> & {
  readonly start: string;
  readonly end: string | null;
  readonly found_at: string;
};

export function postgresConditions({ pool }: Pick<Database, "pool">): Conditions {
  return {
    keep(organisation, foundAt, conditions) {
      return withinOrganisation(pool, organisation, async (client) => {
        for (const { subject, kind, channel, start, end, evidence } of conditions) {
          await client.query(
            `insert into condition (organisation, subject, kind, channel, start, "end", found_at, evidence)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
                 on conflict (organisation, kind, subject, channel, start)
                 do update set "end" = excluded."end", evidence = excluded.evidence`,
            [organisation, subject, kind, channel, start, end, foundAt, JSON.stringify(evidence)],
          );
        }
      });
    },

    of({ organisation, kind, from, to, most }) {
      return readOrganisation(pool, organisation, async (client) => {
        const { rows } = await client.query<Row>(
          `select subject, kind, channel, start, "end", found_at, evidence from condition
            where ($1::text is null or kind = $1) and start < $3::bigint and coalesce("end", $3::bigint) > $2::bigint
            order by start desc, id desc limit $4`,
          [kind, from, to, most],
        );
        return rows.map(({ start, end, found_at, ...row }) => ({
          ...row,
          ...{ start: Number(start), foundAt: Number(found_at) },
          ...(end === null ? {} : { end: Number(end) }),
        }));
      });
    },
  };
}
