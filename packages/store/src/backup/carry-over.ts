import type { Client } from "pg";
import { refuseMightyRole } from "../database.ts";
import { lockKey, makeStepsTable, takeStep } from "../migrate.ts";
import { inSession } from "../session.ts";
import { unfinishedMove } from "../unfinished-move.ts";
import type { Head } from "./content.ts";
import { copyIn, copyOut } from "./copying.ts";
import { emptyForRestore, refuseUsed, Unrestorable } from "./empty-for-restore.ts";
import { guard, isSame, letProgramsIn, openTables, tallyOf, unguard } from "./filling.ts";
import { ledgerFaults } from "./ledger-faults.ts";
import { beginView, enter, organisationsOf, requireThisVersion } from "./one-view.ts";
import type { Restored } from "./restore-backup.ts";
import { rowTally, sumOf, type Tally } from "./row-tally.ts";
import { type Section, sectionsOf } from "./sections.ts";
import { countersOf, monthsOf, setCounter, type Table, tablesOf } from "./tables.ts";

export type Carried = Restored & {
  /** Rows that an attempt before this one had carried over. */
  readonly found: number;
};

export type CarryOptions = {
  /** When it is begun, Unix milliseconds. */
  readonly at: number;
  /** Whether what the database holds may be thrown away for it. */
  readonly replace: boolean;
  readonly valuesElsewhere: string | undefined;
  /** Called after each section, and waited for: how many of all are over there. */
  readonly onSection?: (done: number, all: number) => void | Promise<void>;
};

/**
 * Carries a database that nobody uses over into another one, signed in as the owner of either, section by
 * section. One that was broken off goes on: what is over there is only read here and compared by its tally; where
 * the installation has changed since, all begins anew. Until every row is compared over there, no program starts on it.
 * Throws `Unrestorable` where the database is not to be used for it.
 */
export async function carryOver(
  sourceUrl: string,
  targetUrl: string,
  options: CarryOptions,
): Promise<Carried> {
  return inSession(sourceUrl, "sunledger-move", async (source) => {
    await beginView(source);
    const steps = await requireThisVersion(source);
    return inSession(targetUrl, "sunledger-move", async (target) => {
      await refuseMightyRole(target);
      await target.query("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0");
      await refuseUsed(target);
      await holdAlone(target);
      return carry(source, target, { ...options, steps });
    });
  });
}

type Carrying = CarryOptions & {
  readonly steps: readonly string[];
  /** Whether what an attempt before this one has carried over is of another time. */
  readonly anew?: true;
};

async function carry(source: Client, target: Client, options: Carrying): Promise<Carried> {
  const tables = await tablesOf(source);
  const organisations = await organisationsOf(source);
  const months = [...(await monthsOf(source))];
  const marks = options.anew ? undefined : await marksOf(target, options);
  if (marks === undefined) await begin(target, { ...options, tables });
  for (const month of months) await target.query("select frame_partition($1)", [month]);

  const sections = await sectionsOf(source, tables, organisations);
  const tallies = new Map(tables.map(({ name }) => [name, noRows]));
  let found = 0;
  for (const [place, section] of sections.entries()) {
    const mark = marks?.get(section.name);
    const tally = mark
      ? await readOnly(source, section)
      : await carrySection(source, target, section);
    if (mark && !isSame(mark, tally)) {
      return carry(source, target, { ...options, replace: true, anew: true });
    }
    if (mark) found += tally.rows;
    const { name } = section.table;
    tallies.set(name, sumOf(tallies.get(name) ?? noRows, tally));
    await options.onSection?.(place + 1, sections.length);
  }
  const { rows, faults, incarnation } = await finish(source, target, tables, tallies);
  const { at, valuesElsewhere: where, steps } = options;
  const head: Head = {
    ...{ format: "sunledger backup", v: 1, steps: [...steps], at, months, files: {} },
    ...{
      organisations: organisations.length,
      ...(where !== undefined && { valuesElsewhere: where }),
    },
  };
  return { head, rows, faults, incarnation, found };
}

const noRows: Tally = { rows: 0, sum: "00".repeat(32) };

async function holdAlone(target: Client): Promise<void> {
  const { rows } = await target.query<{ held: boolean }>(
    "select pg_try_advisory_lock($1) as held",
    [lockKey],
  );
  if (!rows[0]?.held) throw new Unrestorable("another move, restore or migration is at work there");
}

/** What an attempt before this one has carried over, by section; nothing where there was none, or another version's. */
async function marksOf(
  target: Client,
  { steps, replace }: Carrying,
): Promise<ReadonlyMap<string, Tally> | undefined> {
  const { rows } = await target.query<{ begun: boolean }>(
    `select to_regclass('public.${unfinishedMove}') is not null as begun`,
  );
  if (!rows[0]?.begun) return undefined;
  const taken = await target.query<{ step: string }>("select step from migration");
  const done = new Set(taken.rows.map(({ step }) => step));
  if (steps.length !== done.size || steps.some((step) => !done.has(step))) {
    if (replace) return undefined;
    throw new Unrestorable(
      "another version of Sunledger has begun to move there: go on with that one, or say --replace",
    );
  }
  const marks = await target.query<Tally & { section: string }>(
    `select section, rows::float8, sum from ${unfinishedMove}`,
  );
  return new Map(marks.rows.map(({ section, rows, sum }) => [section, { rows, sum }]));
}

type Beginning = Carrying & { readonly tables: readonly Table[] };

/** Makes the tables over there, empty, and the one that says how far the move has come. */
async function begin(target: Client, { replace, steps, tables }: Beginning): Promise<void> {
  await inOne(target, async () => {
    await emptyForRestore(target, replace);
    await makeStepsTable(target);
    for (const step of steps) await takeStep(target, step);
    await openTables(target, tables);
    await guard(target, tables);
    await target.query(
      `create table ${unfinishedMove} (section text primary key, rows bigint not null, sum text not null)`,
    );
  });
}

/** Copies a section and marks it, both or none: a session that ends leaves no half of it behind. */
async function carrySection(source: Client, target: Client, section: Section): Promise<Tally> {
  const tally = rowTally();
  await enter(source, section.organisation);
  async function* rows() {
    tally.begin();
    for await (const piece of copyOut(source, section.table, section.where)) {
      tally.take(piece);
      yield piece;
    }
    tally.end();
  }
  return inOne(target, async () => {
    // Outside of the transaction that fills it, a table is always guarded.
    await unguard(target, [section.table]);
    await copyIn(target, section.table, rows());
    await guard(target, [section.table]);
    const result = tally.result();
    await target.query(`insert into ${unfinishedMove} values ($1, $2, $3)`, [
      ...[section.name, result.rows, result.sum],
    ]);
    return result;
  });
}

async function readOnly(source: Client, { table, organisation, where }: Section): Promise<Tally> {
  await enter(source, organisation);
  return tallyOf(source, table, where);
}

/** Compares every table as it is over there, and lets programs in. */
async function finish(
  source: Client,
  target: Client,
  tables: readonly Table[],
  tallies: ReadonlyMap<string, Tally>,
): Promise<Pick<Restored, "rows" | "faults" | "incarnation">> {
  const counters = await countersOf(source);
  const finished = await inOne(target, async () => {
    await unguard(target, tables);
    const rows: Record<string, number> = {};
    for (const table of tables) {
      const [kept, given] = [await tallyOf(target, table), tallies.get(table.name) ?? noRows];
      if (!isSame(kept, given)) throw new Differing(table, kept, given);
      rows[table.name] = kept.rows;
    }
    const faults = await ledgerFaults(target);
    await guard(target, tables);
    for (const counter of counters) await setCounter(target, counter);
    const incarnation = await letProgramsIn(target);
    await target.query(`drop table ${unfinishedMove}`);
    return { rows, faults, incarnation };
  }).catch(async (error: unknown) => {
    // No mark agrees with that: the next attempt begins anew.
    if (error instanceof Differing) await target.query(`update ${unfinishedMove} set sum = ''`);
    throw error;
  });
  await target.query("analyze");
  return finished;
}

class Differing extends Unrestorable {
  constructor({ name }: Table, kept: Tally, given: Tally) {
    super(
      `its table "${name}" has come to ${kept.rows} rows that are not the ${given.rows} of this ` +
        "installation: somebody else writes there; move again, all will be carried anew",
    );
  }
}

async function inOne<T>(client: Client, task: () => Promise<T>): Promise<T> {
  await client.query("begin");
  try {
    const result = await task();
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => {}); // of a lost session the first error says why
    throw error;
  }
}
