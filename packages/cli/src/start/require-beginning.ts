import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { PlainError } from "../plain-error.ts";
import { type DataFolder, simulatorState } from "./data-folder.ts";
import { scenarioFile } from "./demo-plants.ts";
import type { HouseRecord } from "./house-record.ts";

type Asked = { readonly at: number | undefined; readonly speed: number | undefined };

/**
 * Refuses to let time begin, or pass, as this house's time cannot: throws one sentence. Counters that
 * were polled once must not fall, so a demo that was made goes on where it stopped.
 */
export function requireBeginning(
  folder: DataFolder,
  record: HouseRecord,
  { at, speed }: Asked,
): void {
  const option = at !== undefined ? "--at" : speed !== undefined ? "--speed" : undefined;
  if (record.kind === "empty" && option !== undefined) {
    throw new PlainError(
      `${option} is of a demo's simulated plants, and the house in the data folder ${folder.path} has ` +
        "none: leave it out, or start a new one with --demo.",
    );
  }
  if (at === undefined || !record.provisioned) return;
  throw new PlainError(
    `The data folder ${folder.path} ${goesOn(folder)}; --at holds for a new folder only: ` +
      "leave it out, or choose another folder with SUNLEDGER_DATA_DIR.",
  );
}

/** What the house has to know of a simulated plant's kept state and of the scenario's beginning. */
const KeptState = z.object({ state: z.object({ at: z.int() }) });
const Beginning = z.object({ start: z.coerce.date() });

function goesOn(folder: DataFolder): string {
  const instant = attempt(() => keptUntil(folder)) ?? attempt(() => beginningOf(folder));
  if (instant === undefined) return "goes on where it stopped";
  const written = new Date(instant).toISOString().replace(".000Z", "Z");
  return `has come to ${written} and goes on from there`;
}

function keptUntil(folder: DataFolder): number | undefined {
  const place = simulatorState(folder);
  const states = readdirSync(place).filter((name) => name.endsWith(".json"));
  const instants = states.map((name) => {
    return KeptState.parse(JSON.parse(readFileSync(join(place, name), "utf8"))).state.at;
  });
  return instants.length > 0 ? Math.max(...instants) : undefined;
}

function beginningOf(folder: DataFolder): number {
  return Beginning.parse(parse(readFileSync(scenarioFile(folder), "utf8"))).start.getTime();
}

/** `undefined` for what is not there or cannot be read: the simulators tell of that when they start. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
