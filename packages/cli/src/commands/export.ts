import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { loadConfig, systemClock } from "@sunledger/runtime";
import { openDatabase, openFrameStore, type PointValue, postgresRecords } from "@sunledger/store";
import { Command, Option } from "commander";
import { requireOrganisation } from "../database/require-organisation.ts";
import { installation, withDatabase } from "../database/with-database.ts";
import { findDevice } from "../export/find-device.ts";
import { type ExportFormat, exportFormats, exportLines, exportRow } from "../export/rows.ts";
import { wantedPoints } from "../export/wanted-points.ts";
import { instantOption } from "../options.ts";
import { PlainError } from "../plain-error.ts";
import { printError } from "../print.ts";
import { HouseSettings } from "../settings.ts";
import { dataFolder } from "../start/data-folder.ts";
import { readHouseRecord } from "../start/house-record.ts";

type Options = {
  readonly device: string;
  readonly from: number;
  readonly to: number;
  readonly points?: string;
  readonly format: ExportFormat;
  readonly organisation?: string;
};

export function exportCommand(): Command {
  const frames = new Command("frames")
    .description("the stored values of a device: device, point, time, value, quality")
    .requiredOption("--device <device>", "PLANT/TAG, or the device's id")
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
Example:
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
      const found = await findDevice(records, organisation, options.device);
      const store = await openFrameStore(settings.SUNLEDGER_TIMESERIES_URL, database);
      try {
        const stored = await store.pointsOf(organisation, found.device.id);
        const points = wantedPoints(options.points, found, stored);
        const { from, to } = options;
        const values = store.read({ organisation, devices: [found.device.id], points, from, to });
        if ((await write(values, found.name, options.format)) > 0) return;
        printError(`no frames of ${found.name} from ${iso(from)} to ${iso(to)}`);
      } finally {
        await store.close();
      }
    } finally {
      await database.close();
    }
  });
}

/** Writes the values to standard output and says how many there were. */
async function write(
  values: AsyncIterable<PointValue>,
  device: string,
  format: ExportFormat,
): Promise<number> {
  let count = 0;
  async function* rows() {
    for await (const value of values) {
      count += 1;
      yield exportRow(value, device);
    }
  }
  try {
    const lines = Readable.from(exportLines(rows(), format));
    await pipeline(lines, process.stdout, { end: false });
  } catch (error) {
    // The reader has seen enough, as `head` has.
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
  }
  return count;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
