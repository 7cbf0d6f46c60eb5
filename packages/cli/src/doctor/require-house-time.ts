import type { Clock } from "@sunledger/runtime";
import { PlainError } from "../plain-error.ts";
import type { DataFolder } from "../start/data-folder.ts";
import { isHeld } from "../start/house-lock.ts";
import { readHouseRecord } from "../start/house-record.ts";
import { readRunningHouse } from "../start/running-house.ts";
import { houseTime } from "./house-time.ts";

/**
 * The time that ingest judges what comes in by, Unix milliseconds. Throws one sentence where the clock
 * is driven and nobody tells it. To be asked before the folder is held for something else.
 */
export async function requireHouseTime(folder: DataFolder, clock: Clock): Promise<number> {
  if (readHouseRecord(folder)?.clock !== "driven") return clock.now();
  const running = isHeld(folder) ? readRunningHouse(folder) : undefined;
  if (!running) {
    throw new PlainError(
      "The house's clock is driven, and nobody tells the time while the house does not run: " +
        "start it, then try again.",
    );
  }
  const { now, finding } = await houseTime(running, folder, clock);
  if (now !== undefined) return now;
  throw new PlainError(
    `The house's clock is ${finding?.seen ?? "driven"}. Drive it, then try again.`,
  );
}
