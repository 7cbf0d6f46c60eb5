import { QuarantineCode } from "@sunledger/model";
import { loadConfig, systemClock } from "@sunledger/runtime";
import {
  type FrameStore,
  openDatabase,
  openFrameStore,
  postgresRecords,
  type Records,
} from "@sunledger/store";
import { Command, Option } from "commander";
import { requireOrganisation } from "../database/require-organisation.ts";
import { installation, withDatabase } from "../database/with-database.ts";
import { requireHouseTime } from "../doctor/require-house-time.ts";
import { countOption } from "../options.ts";
import { PlainError } from "../plain-error.ts";
import { print } from "../print.ts";
import { replayRows } from "../quarantine/replay-rows.ts";
import { groupLines, replayLines, rowLines } from "../quarantine/tell-rows.ts";
import { HouseSettings } from "../settings.ts";
import { dataFolder } from "../start/data-folder.ts";
import { readHouseRecord } from "../start/house-record.ts";

type Options = {
  readonly gateway?: string;
  readonly reason?: QuarantineCode;
  readonly organisation?: string;
};

const groupsAtOnce = 200;
/** Some may be long. */
const rowsAtOnce = 20;

export function quarantineCommand(): Command {
  const list = command("list")
    .description("what waits in quarantine, by gateway and reason, the newest first")
    .action((options: Options) => withHouse(options, listGroups));
  const show = command("show")
    .description("the rows themselves, whole")
    .option(
      "--most <number>",
      "so many of each gateway, the first of each epoch and lane first",
      countOption,
      20,
    )
    .action((options: Options & { readonly most: number }) =>
      withHouse(options, (house) => showRows(house, options.most)),
    );
  const replay = command("replay")
    .description("try rows once more after what was wrong with them is mended")
    .addHelpText(
      "after",
      `
Each row is judged anew by what is known today: devices that were registered since, layouts that can be
used now. What is usable is stored under its own number and time and leaves quarantine; the rest stays.
It may be interrupted and repeated. Rows whose time lay in the future are tried only when they are asked
for with --reason future: by now their time may have come, though their clock was wrong all the same.

Example:
  $ npx sunledger quarantine replay --gateway qinghe-gw --reason unknownDevice`,
    )
    .action(async (options: Options) => {
      const { SUNLEDGER_DATA_DIR } = loadConfig(HouseSettings);
      const now = await requireHouseTime(dataFolder(SUNLEDGER_DATA_DIR), systemClock());
      await withHouse(options, (house) => replayGateways(house, now));
    });
  return new Command("quarantine")
    .description("rows that could not be used, each kept with its reason")
    .addCommand(list)
    .addCommand(show)
    .addCommand(replay);
}

function command(name: string): Command {
  return new Command(name)
    .option("--gateway <id>", "of this gateway; absent: of all")
    .addOption(
      new Option("--reason <code>", "for this reason alone").choices(QuarantineCode.options),
    )
    .option("--organisation <name>", "whose gateways; absent: the one of the data folder");
}

type House = {
  readonly frames: FrameStore;
  readonly records: Records;
  readonly organisation: string;
  readonly gateways: readonly string[];
  readonly code: QuarantineCode | undefined;
};

async function listGroups({ frames, organisation, gateways, code }: House): Promise<void> {
  let found = 0;
  for (let skip = 0; ; skip += groupsAtOnce) {
    const query = { organisation, gateways, most: groupsAtOnce, skip };
    const groups = await frames.quarantined(query);
    for (const group of groups) {
      if (code !== undefined && group.code !== code) continue;
      found += 1;
      for (const line of groupLines(group)) print(line);
    }
    if (groups.length < groupsAtOnce) break;
  }
  if (found === 0) print("Nothing is in quarantine.");
}

async function showRows(house: House, most: number): Promise<void> {
  const { frames, organisation, gateways, code } = house;
  let found = 0;
  for (const gateway of gateways) {
    let left = most;
    for (let after: string | undefined; left > 0; ) {
      const page = { organisation, gateway, code, after, most: Math.min(left, rowsAtOnce) };
      const rows = await frames.quarantinedRows(page);
      for (const line of rows.flatMap(rowLines)) print(line);
      found += rows.length;
      left -= rows.length;
      after = rows.at(-1)?.id;
      if (after === undefined) break;
    }
  }
  if (found === 0) print("Nothing is in quarantine.");
}

async function replayGateways(house: House, now: number): Promise<void> {
  const { frames, records, organisation, gateways, code } = house;
  let found = 0;
  for (const gateway of gateways) {
    const parts = { frames, records, organisation, gateway, code, now };
    const lines = replayLines(gateway, await replayRows(parts));
    for (const line of lines) print(line);
    found += lines.length;
  }
  if (found === 0) print("Nothing is in quarantine.");
}

async function withHouse(
  { gateway, reason, organisation: named }: Options,
  task: (house: House) => Promise<void>,
): Promise<void> {
  const settings = loadConfig(HouseSettings);
  if (settings.SUNLEDGER_DATABASE_URL === undefined) installation(settings);
  const own = readHouseRecord(dataFolder(settings.SUNLEDGER_DATA_DIR))?.organisation;
  const name = named ?? own;
  if (name === undefined) {
    throw new PlainError("Whose gateways? Name the organisation with --organisation.");
  }
  await withDatabase(settings, systemClock(), async ({ url }) => {
    const database = await openDatabase(url, { name: "sunledger-quarantine", most: 2 });
    try {
      const records = postgresRecords(database);
      const organisation = await requireOrganisation(database, name, own);
      const all = (await records.gateways(organisation)).map(({ id }) => id);
      if (gateway !== undefined && !all.includes(gateway)) {
        throw new PlainError(`There is no gateway "${gateway}"; there are: ${all.join(", ")}.`);
      }
      const gateways = gateway === undefined ? all : [gateway];
      const frames = await openFrameStore(settings.SUNLEDGER_TIMESERIES_URL, database);
      try {
        await task({ frames, records, organisation, gateways, code: reason });
      } finally {
        await frames.close();
      }
    } finally {
      await database.close();
    }
  });
}
