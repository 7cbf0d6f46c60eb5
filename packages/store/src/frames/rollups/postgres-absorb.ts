import { setImmediate as othersTurn } from "node:timers/promises";
import type { PoolClient } from "pg";
import { dayMs, dayOf } from "../days.ts";
import { packedValue } from "../packed-frames.ts";
import { isGoodRow, rowFrom } from "../postgres-packed-columns.ts";
import { minuteMs, stretchesOf } from "./blocks.ts";
import { type Block, readBlocks } from "./postgres-blocks.ts";
import { type Due, dayOfDue } from "./postgres-due.ts";
import { hoursOf, longerBlocks } from "./postgres-fresh.ts";
import { type RawColumns, readRaw } from "./postgres-raw.ts";
import { quarterOf, stretchOfQuarter } from "./postgres-stale.ts";
import { joinAll, type Roll, rollOf, type Series } from "./roll.ts";
import { type Fresh, renewedBlock } from "./roll-day.ts";
import { joinStretches, type Stretch } from "./stretches.ts";

/** Whether the frames of the day were forgotten, so that its roll-ups hold what nothing else does. */
export async function isForgotten(
  client: PoolClient,
  due: Pick<Due, "device" | "layout" | "quarters">,
): Promise<boolean> {
  const { rows } = await client.query<{ forgotten: string }>(
    "select forgotten from device_layout where device = $1 and layout = $2",
    [due.device, due.layout],
  );
  return stretchOfQuarter(due.quarters[0] as number).from < Number(rows[0]?.forgotten ?? 0);
}

/**
 * All the rows of roll-ups that frames change which came when those of their day were forgotten already. They are
 * added to what is kept, point by point, before or behind its values of a quarter; then they are forgotten too. What
 * lies between these values is left out: it cannot be told from frames that came a second time.
 */
export async function absorbedBlocks(
  client: PoolClient,
  due: Due,
  zone: string,
): Promise<readonly Block[]> {
  const { from } = stretchOfQuarter(dayOfDue(due));
  const day = { from, to: from + dayMs };
  const raw = await readRaw(client, due, day);
  const touched = [...new Set(Array.from(raw.times, quarterOf))].map(stretchOfQuarter);
  if (touched.length === 0) return [];
  await forgetDay(client, due, day);
  const renewed = joinStretches(touched);
  const kept = {
    minutes: await readBlocks(client, due, "minute", day),
    quarters: await readBlocks(client, due, "quarter", day),
  };
  const counts = due.lane === "counters";
  const { minutes, quarters } = await joinedWith(raw, kept, { touched, counts });
  const hours = hoursOf(renewed).map((time) => {
    const before = kept.minutes.find((block) => block.time.from === time.from);
    return renewedBlock(time, before, minutes, renewed);
  });
  return [...hours, ...(await longerBlocks(client, due, { quarters, renewed, zone }))];
}

async function forgetDay(client: PoolClient, { device, layout }: Due, { from, to }: Stretch) {
  await client.query(
    "delete from frame where device = $1 and layout = $2 and at >= $3::bigint and at < $4::bigint",
    [device, layout, from, to],
  );
  await client.query("delete from packed_day where device = $1 and layout = $2 and day = $3", [
    ...[device, layout, dayOf(from)],
  ]);
}

type Kept = { readonly minutes: readonly Block[]; readonly quarters: readonly Block[] };

/** The minutes and quarters of the touched quarters, as they are kept and with what came since. */
async function joinedWith(
  { times, columns }: RawColumns,
  kept: Kept,
  { touched, counts }: { readonly touched: readonly Stretch[]; readonly counts: boolean },
): Promise<{ readonly minutes: Fresh; readonly quarters: Fresh }> {
  const points: { readonly minutes: Rolls; readonly quarters: Rolls }[] = [];
  for (const [point, column] of columns.entries()) {
    await othersTurn();
    const keptQuarters = rollsAt(kept.quarters, point);
    const keptMinutes = rollsAt(kept.minutes, point);
    const [minutes, quarters]: [Rolls, Rolls] = [new Map(), new Map()];
    for (const quarter of touched) {
      const own = keptQuarters.get(quarter.from);
      const late = lateRolls({ times, column }, quarter, counts).filter(({ firstAt: at }) => {
        return !own || at < own.firstAt || at > own.lastAt;
      });
      quarters.set(quarter.from, joined(late, own));
      for (let { from } = quarter; from < quarter.to; from += minuteMs) {
        const inMinute = late.filter(({ firstAt: at }) => at >= from && at < from + minuteMs);
        minutes.set(from, joined(inMinute, keptMinutes.get(from)));
      }
    }
    points.push({ minutes, quarters });
  }
  return {
    minutes: points.map(({ minutes }) => minutes),
    quarters: points.map(({ quarters }) => quarters),
  };
}

type Rolls = Map<number, Roll | undefined>;

/** A roll for each good value of the stretch. */
function lateRolls(
  { times, column }: Series,
  { from, to }: Stretch,
  counts: boolean,
): readonly Roll[] {
  const rolls: Roll[] = [];
  for (let row = rowFrom(times, from); row < times.length; row += 1) {
    const at = times[row] as number;
    if (at >= to) break;
    if (isGoodRow(column, row)) rolls.push(rollOf(packedValue(column, row), at, counts));
  }
  return rolls;
}

/** None of the late ones lies between the first and the last value that are kept. */
function joined(late: readonly Roll[], kept: Roll | undefined): Roll | undefined {
  if (!kept) return joinAll(late);
  const before = late.filter(({ lastAt }) => lastAt < kept.firstAt);
  return joinAll([...before, kept, ...late.slice(before.length)]);
}

function rollsAt(blocks: readonly Block[], point: number): Rolls {
  return new Map(
    blocks.flatMap(({ time, points }) => {
      return stretchesOf(time).map(({ from }, i) => [from, points[point]?.[i]] as const);
    }),
  );
}
