import type { Database } from "../../database.ts";
import { type Checked, type CheckOptions, checkRollUps } from "./postgres-check.ts";
import { checkedDay, keepCheckedDay } from "./postgres-checked-day.ts";
import { type Energy, type EnergyQuery, readEnergy } from "./postgres-energy.ts";
import { forgetMinutes } from "./postgres-forget-minutes.ts";
import { keepMinutes, type MinutesToKeep } from "./postgres-keep-minutes.ts";
import { type RolledUp, type RollUpOptions, rollUp } from "./postgres-roll-up.ts";

/** What frames come to over minutes, quarters of an hour, hours and days; `buckets` read it by themselves. */
export type RollUps = {
  /** Rolls up what frames have touched since. */
  rollUp(options: RollUpOptions): Promise<RolledUp>;
  /** Compares roll-ups with their frames. */
  check(options: CheckOptions): Promise<Checked>;
  /** Makes minutes stay when their frames are forgotten; answers of how many hours of a device and layout. */
  keepMinutes(query: MinutesToKeep): Promise<number>;
  /** The day at which an organisation's roll-ups were compared with their frames last, counted from 1970. */
  checkedDay(organisation: string): Promise<number | undefined>;
  keepCheckedDay(organisation: string, day: number): Promise<void>;
  /** Deletes the roll-ups of minutes from before an instant; answers how many hours of a device and layout. */
  forgetMinutes(query: { readonly organisation: string; readonly before: number }): Promise<number>;
  /** What counters counted in buckets. */
  energy(query: EnergyQuery): Promise<readonly Energy[]>;
};

export function postgresRollUps(database: Pick<Database, "pool">): RollUps {
  return {
    rollUp: (options) => rollUp(database, options),
    check: (options) => checkRollUps(database, options),
    keepMinutes: (query) => keepMinutes(database, query),
    checkedDay: (organisation) => checkedDay(database.pool, organisation),
    keepCheckedDay: (organisation, day) => keepCheckedDay(database.pool, organisation, day),
    forgetMinutes: (query) => forgetMinutes(database, query),
    energy: (query) => readEnergy(database.pool, query),
  };
}
