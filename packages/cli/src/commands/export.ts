import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { loadConfig, systemClock } from "@sunledger/runtime";
import {
  type OpenFrameStore,
  openDatabase,
  openFrameStore,
  postgresRecords,
} from "@sunledger/store";
import { Command, Option } from "commander";
import { requireOrganisation } from "../database/require-organisation.ts";
import { installation, withDatabase } from "../database/with-database.ts";
import { type FoundDevice, wantedDevices } from "../export/find-device.ts";
import { exportParquet } from "../export/parquet.ts";
import {
  type ExportFormat,
  type ExportRow,
  exportFormats,
  exportLines,
  exportRow,
} from "../export/rows.ts";
import { wantedOfPlant, wantedPoints } from "../export/wanted-points.ts";
import { instantOption } from "../options.ts";
import { PlainError } from "../plain-error.ts";
import { printError } from "../print.ts";
import { HouseSettings } from "../settings.ts";
import { dataFolder } from "../start/data-folder.ts";
import { readHouseRecord } from "../start/house-record.ts";

type Options = {
  readonly device?: string;
  readonly plant?: string;
  readonly from: number;
  readonly to: number;
  readonly points?: string;
  readonly format: ExportFormat;
  readonly organisation?: string;
};

export function exportCommand(): Command {
  const frames = new Command("frames")
    .description("the stored values of a device or a plant: device, point, time, value, quality")
    .addOption(new Option("--device <device>", "PLANT/TAG, or the device's id").conflicts("plant"))
    .option("--plant <plant>", "all devices of that plant, by its code")
    .requiredOption("--from <time>", "from this instant on, ISO 8601", instantOption)
    .requiredOption("--to <time>", "before this instant, ISO 8601", instantOption)
    .option(
      "--points <names>",
      "these points, separated by commas; absent: all that it has frames of",
    )
    .addOption(new Option("--format <format>").choices(exportFormats).default("jsonl"))
    .option("--organisation <name>", "whose device it is; absent: the one of the data folder")
    .addHelpText(
      "after",
      `
Parquet has every digit of a counter that a double does not hold in the column "digits".

Examples:
  $ npx sunledger export frames --plant qinghe --format parquet \\
      --from 2026-11-01T00:00:00+08:00 --to 2026-12-01T00:00:00+08:00 > november.parquet
  $ npx sunledger export frames --device qinghe/INV-01 --points ac.power.active \\
      --from 2026-11-22T00:00:00+08:00 --to 2026-11-23T00:00:00+08:00 --format csv > day.csv`,
    )
    .action(exportFrames);
  return new Command("export")
    .description("write what is stored to standard output")
    .addCommand(frames);
}

async function exportFrames(options: Options): Promise<void> {
  if (options.from >= options.to) {
    throw new PlainError(
      `--from must be before --to: ${iso(options.from)} is not before ${iso(options.to)}.`,
    );
  }
  if (options.format === "parquet" && process.stdout.isTTY) {
    throw new PlainError("A terminal cannot show Parquet: write it to a file with > FILE.");
  }
  const settings = loadConfig(HouseSettings);
  if (settings.SUNLEDGER_DATABASE_URL === undefined) installation(settings);
  const own = readHouseRecord(dataFolder(settings.SUNLEDGER_DATA_DIR))?.organisation;
  const name = options.organisation ?? own;
  if (name === undefined) {
    throw new PlainError("Whose device is it? Name the organisation with --organisation.");
  }
  await withDatabase(settings, systemClock(), async ({ url }) => {
    const database = await openDatabase(url, { name: "sunledger-export", most: 2 });
    try {
      const records = postgresRecords(database);
      const organisation = await requireOrganisation(database, name, own);
      const devices = await wantedDevices(records, organisation, options);
      const store = await openFrameStore(settings.SUNLEDGER_TIMESERIES_URL, database);
      try {
        const rows = rowsOf(store, organisation, devices, options);
        if ((await write(rows, options.format)) > 0) return;
        const { from, to, plant } = options;
        printError(`no frames of ${plant ?? devices[0]?.name} from ${iso(from)} to ${iso(to)}`);
      } finally {
        await store.close();
      }
    } finally {
      await database.close();
    }
  });
}

/** Device by device, so that no more than a stretch of one is in memory. */
async function* rowsOf(
  store: OpenFrameStore,
  organisation: string,
  devices: readonly FoundDevice[],
  { plant, points: named, from, to }: Options,
): AsyncGenerator<ExportRow> {
  const stored = new Map<string, readonly string[]>();
  for (const { device } of devices) {
    stored.set(device.id, await store.pointsOf(organisation, device.id));
  }
  const wanted = plant === undefined ? undefined : wantedOfPlant(named, plant, stored);
  for (const found of devices) {
    const { id } = found.device;
    const points = wanted?.get(id) ?? wantedPoints(named, found, stored.get(id) ?? []);
    if (points.length === 0) continue;
    const range = { organisation, devices: [id], points, from, to };
    for await (const value of store.read(range)) yield exportRow(value, found.name);
  }
}

/** Writes the rows to standard output and says how many there were. */
async function write(all: AsyncIterable<ExportRow>, format: ExportFormat): Promise<number> {
  let count = 0;
  async function* rows() {
    for await (const row of all) {
      count += 1;
      yield row;
    }
  }
  try {
    if (format === "parquet") await exportParquet(rows(), process.stdout);
    else {
      const lines = Readable.from(exportLines(rows(), format));
      await pipeline(lines, process.stdout, { end: false });
    }
  } catch (error) {
    // The reader has seen enough, as `head` has.
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
  }
  return count;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
