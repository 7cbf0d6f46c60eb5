import type { Layout } from "@sunledger/model";
import { Lane } from "@sunledger/model";
import type { Pool, PoolClient } from "pg";

/** Layouts are named by their content: what was read or kept once stays true. */
export type Layouts = {
  keep(hash: string, layout: Layout): Promise<void>;
  find(hash: string): Promise<Layout | undefined>;
  /** The layouts of those names; throws when one was never kept. */
  all(hashes: Iterable<string>): Promise<ReadonlyMap<string, Layout>>;
  /** Puts back the layouts that a restored database has lost; throws when one was never kept. */
  ensure(client: PoolClient, hashes: Iterable<string>): Promise<void>;
};

export function postgresLayouts(pool: Pool): Layouts {
  const known = new Map<string, Layout>();

  const load = async (hashes: readonly string[]) => {
    const { rows } = await pool.query<{ hash: string; lane: string; points: string[] }>(
      "select hash, lane, to_json(points) as points from layout where hash = any($1)",
      [hashes],
    );
    for (const { hash, lane, points } of rows) {
      known.set(hash, { lane: Lane.parse(lane), points });
    }
  };

  const insert = (client: Pool | PoolClient, hash: string, { lane, points }: Layout) =>
    client.query(
      "insert into layout (hash, lane, points) values ($1, $2, $3) on conflict do nothing",
      [hash, lane, points],
    );

  const all = async (hashes: Iterable<string>) => {
    const wanted = [...new Set(hashes)];
    const missing = wanted.filter((hash) => !known.has(hash));
    if (missing.length > 0) await load(missing);
    return new Map(
      wanted.map((hash) => {
        const layout = known.get(hash);
        if (!layout) throw new Error(`layout ${hash} was never kept`);
        return [hash, layout];
      }),
    );
  };

  return {
    all,

    async keep(hash, layout) {
      await insert(pool, hash, layout);
      known.set(hash, layout);
    },

    async find(hash) {
      if (!known.has(hash)) await load([hash]);
      return known.get(hash);
    },

    async ensure(client, hashes) {
      for (const [hash, layout] of await all(hashes)) await insert(client, hash, layout);
    },
  };
}
