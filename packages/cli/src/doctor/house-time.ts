import { type Clock, lastTick } from "@sunledger/runtime";
import { messageOf } from "../plain-error.ts";
import type { DataFolder } from "../start/data-folder.ts";
import { readHouseRecord } from "../start/house-record.ts";
import type { RunningHouse } from "../start/running-house.ts";
import { readSecrets } from "../start/secrets.ts";
import { type Finding, unknown, well } from "./finding.ts";

/** What time a house has, Unix milliseconds; absent while nobody has told it. */
export type HouseTime = { readonly now?: number; readonly finding?: Finding };

/** What was polled by a tick is in the store so much real time later, however fast time passes. */
const storingMs = 1_000;

/**
 * The time that values of the house are to be judged by: the system's, or what its driver has last
 * said.
 */
export async function houseTime(
  { mqttUrl }: RunningHouse,
  folder: DataFolder,
  clock: Clock,
): Promise<HouseTime> {
  if (readHouseRecord(folder)?.clock !== "driven") return { now: clock.now() };
  try {
    const secret = readSecrets(folder)?.service ?? "";
    const now = await lastTick({ mqttUrl, user: "_api", secret });
    if (now === undefined) {
      return { finding: unknown("clock", "driven, and no driver has told the time: replay does") };
    }
    await clock.wait(storingMs);
    return { now, finding: well("clock", `driven, it is ${new Date(now).toISOString()} there`) };
  } catch (error) {
    return { finding: unknown("clock", `driven, and cannot be asked: ${messageOf(error)}`) };
  }
}
