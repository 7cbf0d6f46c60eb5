import type { Client } from "pg";
import { refuseMightyRole } from "../database.ts";
import { lockKey, makeStepsTable, stepsOfThisVersion, takeStep } from "../migrate.ts";
import { inSession } from "../session.ts";
import { type Head, NoBackup, type Part, type Tail } from "./content.ts";
import { copyIn } from "./copying.ts";
import { emptyForRestore } from "./empty-for-restore.ts";
import { guard, isSame, letProgramsIn, openTables, tallyOf } from "./filling.ts";
import { type LedgerFault, ledgerFaults } from "./ledger-faults.ts";
import { type RowTally, rowTally } from "./row-tally.ts";
import { setCounter, type Table, tablesOf } from "./tables.ts";

export type Restored = {
  readonly head: Head;
  /** Rows by table, as they were counted and compared in the database. */
  readonly rows: Readonly<Record<string, number>>;
  /** What does not agree between frames and what is settled; empty in a sound store. */
  readonly faults: readonly LedgerFault[];
  /** The new name of the frame store (D-15). */
  readonly incarnation: string;
};

export type RestoreOptions = {
  /** Whether what the database holds may be thrown away for it. */
  readonly replace: boolean;
};

/**
 * Makes the database what the backup holds, signed in as the owner, in one transaction: until it is
 * compared row by row, and given a new incarnation, nothing is changed. Older backups are brought to this
 * version. Throws `NoBackup` for what is none, `Unrestorable` where the database is not to be used for it.
 */
export async function restoreBackup(
  ownerUrl: string,
  parts: AsyncIterable<Part>,
  { replace }: RestoreOptions,
): Promise<Restored> {
  return inSession(ownerUrl, "sunledger-restore", async (client) => {
    await refuseMightyRole(client);
    await client.query("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0");
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock($1)", [lockKey]);
    await emptyForRestore(client, replace);
    const restored = await fill(client, parts);
    await client.query("commit");
    await client.query("analyze");
    return restored;
  });
}

async function fill(client: Client, parts: AsyncIterable<Part>): Promise<Restored> {
  const reader = parts[Symbol.asyncIterator]();
  const next = async (): Promise<Part | undefined> => {
    const { value, done } = await reader.next();
    return done ? undefined : value;
  };
  try {
    const first = await next();
    if (first?.kind !== "head") throw new NoBackup("it does not begin as a backup does");
    const { head } = first;
    const newer = await takeStepsOf(client, head);
    const tables = await tablesOf(client);
    await openTables(client, tables);
    for (const month of head.months) await client.query("select frame_partition($1)", [month]);

    const tallies = new Map(tables.map(({ name }) => [name, rowTally()]));
    const known = new Map(tables.map((table) => [table.name, table]));
    let part = await next();
    while (part?.kind === "section") {
      const { table: name, columns } = part.section;
      const [table, tally] = [known.get(name), tallies.get(name)];
      if (!table || !tally || columns.some((column) => !table.columns.includes(column))) {
        throw new NoBackup(`it holds a table "${name}" that its version has not`);
      }
      part = await takeSection(client, part.section, tally, next);
    }
    if (part?.kind !== "tail") throw new NoBackup("it was cut short");
    const { tail } = part;
    if (await next()) throw new NoBackup("it goes on behind its end");
    const rows = await compared(client, tables, tallies, tail);
    for (const counter of tail.counters) await setCounter(client, counter);
    const faults = await ledgerFaults(client);
    await guard(client, tables);

    for (const step of newer) await takeStep(client, step);
    return { head, rows, faults, incarnation: await letProgramsIn(client) };
  } finally {
    await reader.return?.(undefined);
  }
}

/** Makes the tables as they were when the backup was made; the steps that this version has beyond. */
async function takeStepsOf(client: Client, head: Head): Promise<readonly string[]> {
  const steps = await stepsOfThisVersion();
  const unknown = head.steps.find((step) => !steps.includes(step));
  if (unknown !== undefined) {
    throw new NoBackup(
      `a newer version of Sunledger made it (step ${unknown}): restore it with that one`,
    );
  }
  await makeStepsTable(client);
  for (const step of steps) if (head.steps.includes(step)) await takeStep(client, step);
  return steps.filter((step) => !head.steps.includes(step));
}

/** Puts the rows of one section into its table; the part behind them. */
async function takeSection(
  client: Client,
  section: { readonly table: string; readonly columns: readonly string[] },
  tally: RowTally,
  next: () => Promise<Part | undefined>,
): Promise<Part | undefined> {
  let behind: Part | undefined;
  async function* rows() {
    tally.begin();
    for (behind = await next(); behind?.kind === "rows"; behind = await next()) {
      tally.take(behind.rows);
      yield behind.rows;
    }
    tally.end();
  }
  await copyIn(client, { name: section.table, columns: section.columns }, rows());
  return behind;
}

/** Reads every table back: it must hold what was read when the backup was made. */
async function compared(
  client: Client,
  tables: readonly Table[],
  given: ReadonlyMap<string, RowTally>,
  tail: Tail,
): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  for (const table of tables) {
    const told = tail.tallies[table.name];
    const came = given.get(table.name)?.result();
    const kept = await tallyOf(client, table);
    if (!told || !came || !isSame(told, came) || !isSame(told, kept)) {
      throw new NoBackup(
        `the table "${table.name}" has come to ${kept.rows} rows that are not the ` +
          `${told?.rows ?? 0} of the backup`,
      );
    }
    rows[table.name] = kept.rows;
  }
  return rows;
}
