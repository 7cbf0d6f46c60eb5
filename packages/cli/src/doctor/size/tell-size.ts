import type { Sizes } from "@sunledger/store";
import {
  daysUntilFull,
  type Expected,
  expectedAfter,
  type Keeping,
  openBytesAValue,
  packedBytesAValue,
} from "./forecast.ts";

const years = [1, 2, 3] as const;
const yearDays = 365;

/** What is told of an installation's size, line by line. */
export type Told = {
  readonly sizes: Sizes;
  readonly keeping: Keeping;
  /** Bytes free on the disk of the tables; absent where PostgreSQL is another machine's. */
  readonly room?: number;
  /** Where the values are, if not in these tables. */
  readonly elsewhere?: string;
};

export function* tellSize(told: Told): Iterable<string> {
  yield* tellPresent(told);
  yield "";
  if (told.sizes.pace.length === 0) {
    yield "Nothing came within the last day: what a year brings cannot be told.";
    return;
  }
  yield* tellGrowth(told);
}

function* tellPresent({ sizes, room, elsewhere }: Told): Iterable<string> {
  const { open, packed, rollUps, aside, rest } = sizes.bytes;
  yield "On disk now";
  yield row("  days that stand open", inBytes(open));
  yield row("  packed days", inBytes(packed));
  yield row("  roll-ups", inBytes(rollUps));
  yield row("  set aside", inBytes(aside));
  yield row("  everything else", inBytes(rest));
  yield row("  together", inBytes(open + packed + rollUps + aside + rest));
  if (room !== undefined && Number.isFinite(room)) yield row("  free", inBytes(room));
  if (elsewhere) yield `  Values are in ${elsewhere} and are not counted here.`;
}

function* tellGrowth({ sizes, keeping, room }: Told): Iterable<string> {
  yield "At the pace of the last day";
  for (const { lane, devices, framesADay, valuesADay } of sizes.pace) {
    const each = packedBytesAValue(sizes, lane).toFixed(2);
    yield row(
      `  ${lane}`,
      `${whole(valuesADay)} a day in ${whole(framesADay)} frames of ${whole(devices)} devices, ` +
        `packed ${each} B each${sizes.bytesAValue.packed[lane] ? "" : " (as usual: none is packed yet)"}`,
    );
  }
  const measured = sizes.bytesAValue.open ? "" : " (as usual: too little to measure)";
  yield row("  open", `${openBytesAValue(sizes).toFixed(1)} B a value${measured}`);
  yield "";

  const after = years.map((count) => expectedAfter(count * yearDays, sizes, keeping));
  const line = (name: string, of: (one: Expected) => number | undefined) =>
    row(`  ${name}`, ...after.map((one) => inBytes(of(one) ?? 0).padStart(10)));
  yield row(
    "  After",
    ...years.map((count) => `${count} year${count > 1 ? "s" : ""}`.padStart(10)),
  );
  yield line(`open, ${keeping.packAfterDays} days`, ({ open }) => open);
  yield line(`packed values, ${keeping.keepRawDays} days`, ({ packed }) => packed.values);
  yield line("packed counters", ({ packed }) => packed.counters);
  if (sizes.rollUpsADay) {
    const kept = `roll-ups of minutes, ${keeping.keepMinutesDays} days`;
    yield line(kept, ({ rollUps }) => rollUps?.minutes);
    yield line("longer roll-ups", ({ rollUps }) => rollUps?.longer);
  }
  yield line("together", ({ sum }) => sum);
  const [, second, third] = after;
  if (second && third) {
    yield row("  and each further year", inBytes(third.sum - second.sum).padStart(10));
  }
  if (!sizes.rollUpsADay) yield "  Roll-ups come on top: no day is rolled up yet to tell by.";
  if (room !== undefined && Number.isFinite(room)) yield fullLine(room, sizes, keeping);
}

function fullLine(room: number, sizes: Sizes, keeping: Keeping): string {
  const days = daysUntilFull(room, sizes, keeping);
  if (days === undefined) return "  The disk has room for ten years and more.";
  return `  The disk is full in ${whole(days)} days.`;
}

function row(name: string, ...cells: readonly string[]): string {
  return `${name.padEnd(34)}${cells.join("")}`;
}

/** Decimal, as disks are sold. */
export function inBytes(bytes: number): string {
  const units = ["MB", "GB", "TB", "PB"];
  let value = bytes / 1e6;
  while (value >= 1_000 && units.length > 1) {
    value /= 1_000;
    units.shift();
  }
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${units[0]}`;
}

function whole(count: number): string {
  return Math.round(count).toLocaleString("en");
}
