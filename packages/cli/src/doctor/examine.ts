import type { Clock } from "@sunledger/runtime";
import {
  countAside,
  type Database,
  findOrganisation,
  isSeriesAddress,
  openDatabase,
  openFrameStore,
  postgresRecords,
} from "@sunledger/store";
import { withDatabase } from "../database/with-database.ts";
import { messageOf } from "../plain-error.ts";
import type { HouseSettings } from "../settings.ts";
import { dataFolder } from "../start/data-folder.ts";
import { isHeld } from "../start/house-lock.ts";
import { readHouseRecord } from "../start/house-record.ts";
import { readRunningHouse } from "../start/running-house.ts";
import { checkDatabase, checkRowSecurity, checkTables } from "./database.ts";
import { excuseOf } from "./excuse.ts";
import { type Finding, unknown, wrong } from "./finding.ts";
import { checkGateways } from "./gateways.ts";
import { houseTime } from "./house-time.ts";
import { judgeAside } from "./judge-aside.ts";
import { checkDataFolder, checkDisk, checkNode, checkPorts } from "./machine.ts";
import { checkApi, checkBroker, checkPrograms } from "./programs.ts";

/** Looks at everything an installation rests on, from the machine up to its newest values. */
export async function* examine(settings: HouseSettings, clock: Clock): AsyncIterable<Finding> {
  yield checkNode();
  const folder = dataFolder(settings.SUNLEDGER_DATA_DIR);
  const found = checkDataFolder(settings);
  yield found;
  if (found.state === "unknown") yield* await checkPorts(settings);
  if (found.state !== "well") return;
  yield checkDisk(folder);

  const running = isHeld(folder) ? readRunningHouse(folder) : undefined;
  const time = running ? await houseTime(running, folder, clock) : {};
  const excuse = running && excuseOf(running, time, clock.now());
  if (running) {
    if (time.finding) yield time.finding;
    yield* checkPrograms(running, folder.logs, excuse, clock.now());
    yield await checkBroker(running.mqttUrl);
    const starting = running.programs.some((one) => one.name === "api" && one.state === "starting");
    yield await checkApi(running.address, starting ? excuse : undefined);
  } else {
    yield unknown("house", `none runs on ${folder.path}`);
    yield* await checkPorts(settings);
  }
  try {
    const now = time.now ?? clock.now();
    const live = running !== undefined && time.now !== undefined;
    yield* await withDatabase(settings, clock, ({ url }) =>
      examineDatabase(url, settings, { now, live, excuse }),
    );
  } catch (error) {
    yield wrong("PostgreSQL", messageOf(error), "do as the sentence above says");
  }
}

type Circumstances = {
  /** What time the house has, or the machine where nobody has told it. */
  readonly now: number;
  /** Whether a house runs and knows what time it is. */
  readonly live: boolean;
  readonly excuse: string | undefined;
};

async function examineDatabase(
  url: string,
  settings: HouseSettings,
  around: Circumstances,
): Promise<Finding[]> {
  const { finding, database } = await checkDatabase(url);
  if (!database) return [finding];
  try {
    const tables = await checkTables(database);
    const findings = [finding, tables, await checkRowSecurity(database)];
    if (tables.state !== "well") return findings;
    return [...findings, ...(await examineData(database, settings, around))];
  } finally {
    await database.close();
  }
}

/** The gateways of the data folder's organisation, and what of them was kept aside. */
async function examineData(
  database: Database,
  settings: HouseSettings,
  { live, now, excuse }: Circumstances,
): Promise<Finding[]> {
  const record = readHouseRecord(dataFolder(settings.SUNLEDGER_DATA_DIR));
  const organisation = record && (await findOrganisation(database, record.organisation));
  if (organisation === undefined) return [];
  const url = settings.SUNLEDGER_TIMESERIES_URL;
  const beside = url !== undefined && !isSeriesAddress(url);
  const frames = beside ? await openDatabase(url, { name: "sunledger-doctor" }) : database;
  try {
    const aside = await countAside(frames, organisation);
    const told = aside.map((count) => judgeAside(count, now));
    if (!live) return told;
    const store = await openFrameStore(url, database);
    const records = postgresRecords(database);
    const gateways = checkGateways({ records, store, organisation, now, excuse });
    return [...(await gateways.finally(() => store.close())), ...told];
  } finally {
    if (frames !== database) await frames.close();
  }
}
