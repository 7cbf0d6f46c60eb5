import { Client } from "pg";
import type { Part, Tail } from "./content.ts";
import { copyOut } from "./copying.ts";
import { beginView, enter, organisationsOf, requireThisVersion } from "./one-view.ts";
import { rowTally } from "./row-tally.ts";
import { isOfFrames } from "./sections.ts";
import { countersOf, monthsOf, type Table, tablesOf } from "./tables.ts";

type Told = {
  /** When it is made, Unix milliseconds. */
  readonly at: number;
  readonly files: Readonly<Record<string, string>>;
  readonly valuesElsewhere: string | undefined;
};

/**
 * All that the database holds, signed in as the tables' owner, as of one moment: whatever is written
 * meanwhile is not in it. Throws one sentence for a database whose tables are not of this version.
 */
export async function* readBackup(
  ownerUrl: string,
  { at, files, valuesElsewhere }: Told,
): AsyncGenerator<Part> {
  const client = new Client({ connectionString: ownerUrl, application_name: "sunledger-backup" });
  client.on("error", () => {}); // what is asked of a lost session fails
  await client.connect();
  try {
    await beginView(client);
    const steps = await requireThisVersion(client);
    const organisations = await organisationsOf(client);
    const months = [...(await monthsOf(client))];
    const where = { ...(valuesElsewhere !== undefined && { valuesElsewhere }) };
    const head = { format: "sunledger backup", v: 1, steps, at, months } as const;
    const count = organisations.length;
    yield { kind: "head", head: { ...head, organisations: count, files: { ...files }, ...where } };

    const tallies: Tail["tallies"] = {};
    for (const table of await tablesOf(client)) {
      const tally = rowTally();
      yield* rowsOf(client, table, organisations, tally);
      tallies[table.name] = tally.result();
    }
    yield { kind: "tail", tail: { tallies, counters: [...(await countersOf(client))] } };
  } finally {
    await client.end();
  }
}

/** A guarded table organisation by organisation: nobody, its owner included, sees it as a whole. */
async function* rowsOf(
  client: Client,
  table: Table,
  organisations: readonly string[],
  tally: ReturnType<typeof rowTally>,
): AsyncGenerator<Part> {
  const section = { table: table.name, columns: [...table.columns] };
  const views = table.isGuarded ? organisations : [undefined];
  for (const organisation of views) {
    await enter(client, organisation);
    yield { kind: "section", section };
    tally.begin();
    for await (const rows of copyOut(client, table, amongMany(table, views.length))) {
      tally.take(rows);
      yield { kind: "rows", rows };
    }
    tally.end();
  }
}

/** Where many share a table of frames, the rows of one are found by its devices, not by looking at all rows. */
function amongMany(table: Table, organisations: number): string {
  if (organisations < 2 || !isOfFrames(table)) return "";
  return "where device in (select number from public.frame_device)";
}
