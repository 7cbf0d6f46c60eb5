import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { PlainError } from "../plain-error.ts";
import type { DataFolder } from "./data-folder.ts";

const HouseKind = z.enum(["demo", "empty"]);
export type HouseKind = z.infer<typeof HouseKind>;

/** What a data folder was made for; kept in `house.json`. */
export const HouseRecord = z.object({
  kind: HouseKind,
  clock: z.enum(["system", "driven"]),
  organisation: z.string(),
  /**
   * The organisation's id: names the database that what follows is true of, also when that was dumped
   * and restored. Absent in records of before it was kept.
   */
  organisationId: z.uuid().optional(),
  /** Whether its organisation, plants and users have been made. */
  provisioned: z.boolean(),
  /** Where the made history ends, Unix milliseconds; absent when none was asked for. */
  history: z.object({ until: z.int(), done: z.boolean() }).optional(),
});
export type HouseRecord = z.infer<typeof HouseRecord>;

type Asked = {
  readonly kind: HouseKind | undefined;
  readonly history: boolean;
  readonly clock: HouseRecord["clock"];
  readonly now: number;
};

/**
 * What the folder was made for, or, at the first start, what is asked now. Nothing is written: a start
 * that is refused must not fix what the folder is for.
 */
export function openHouseRecord(folder: DataFolder, asked: Asked): HouseRecord {
  const made = readHouseRecord(folder);
  if (made) {
    requireSame(folder, made, asked);
    return made;
  }
  const kind = asked.kind ?? "empty";
  return {
    kind,
    clock: asked.clock,
    organisation: kind === "demo" ? "Sunledger Demo" : "Sunledger",
    provisioned: false,
    ...(kind === "demo" && asked.history && { history: { until: asked.now, done: false } }),
  };
}

/**
 * The record as it holds for the database in which the organisation has that id: what was done in
 * another database, lost since, is not done in this one.
 */
export function recordFor(record: HouseRecord, organisationId: string): HouseRecord {
  const { organisationId: known = organisationId, history } = record;
  if (known === organisationId) return { ...record, organisationId };
  return {
    ...record,
    organisationId,
    provisioned: false,
    ...(history && { history: { ...history, done: false } }),
  };
}

export function readHouseRecord(folder: DataFolder): HouseRecord | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(folder), "utf8");
  } catch {
    return undefined;
  }
  return HouseRecord.parse(JSON.parse(text));
}

export function keepHouseRecord(folder: DataFolder, record: HouseRecord): void {
  const file = fileOf(folder);
  writeFileSync(`${file}.part`, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(`${file}.part`, file);
}

function fileOf(folder: DataFolder): string {
  return join(folder.path, "house.json");
}

function requireSame(folder: DataFolder, made: HouseRecord, asked: Asked): void {
  const other = "choose another folder with SUNLEDGER_DATA_DIR.";
  if (asked.kind && asked.kind !== made.kind) {
    throw new PlainError(
      `The data folder ${folder.path} holds a house started with --${made.kind}, not --${asked.kind}: ` +
        `leave the option out, or ${other}`,
    );
  }
  if (asked.clock !== made.clock) {
    throw new PlainError(
      `The data folder ${folder.path} was made under the ${made.clock} clock and cannot go on under ` +
        `the ${asked.clock} one: set SUNLEDGER_CLOCK=${made.clock}, or ${other}`,
    );
  }
}
