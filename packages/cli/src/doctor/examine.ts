import type { Clock } from "@sunledger/runtime";
import { type Database, findOrganisation, openFrameStore, postgresRecords } from "@sunledger/store";
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
import { checkDataFolder, checkNode, checkPorts } from "./machine.ts";
import { checkApi, checkBroker, checkPrograms } from "./programs.ts";

/** Looks at everything an installation rests on, from the machine up to its newest values. */
export async function* examine(settings: HouseSettings, clock: Clock): AsyncIterable<Finding> {
  yield checkNode();
  const folder = dataFolder(settings.SUNLEDGER_DATA_DIR);
  const found = checkDataFolder(settings);
  yield found;
  if (found.state !== "well") return;

  const running = isHeld(folder) ? readRunningHouse(folder) : undefined;
  const time = running ? await houseTime(running, folder, clock) : {};
  const excuse = running && excuseOf(running, time, clock.now());
  if (running) {
    if (time.finding) yield time.finding;
    yield* checkPrograms(running, folder.logs, excuse);
    yield await checkBroker(running.mqttUrl);
    const starting = running.programs.some((one) => one.name === "api" && one.state === "starting");
    yield await checkApi(running.address, starting ? excuse : undefined);
  } else {
    yield unknown("house", `none runs on ${folder.path}`);
    yield await checkPorts(settings);
  }
  try {
    const rest = await withDatabase(settings, clock, ({ url }) =>
      examineDatabase(
        url,
        settings,
        time.now === undefined ? undefined : { now: time.now, excuse },
      ),
    );
    yield* rest;
  } catch (error) {
    yield wrong("PostgreSQL", messageOf(error), "do as the sentence above says");
  }
}

/** A house that runs and knows what time it is. */
type Running = { readonly now: number; readonly excuse: string | undefined };

async function examineDatabase(
  url: string,
  settings: HouseSettings,
  running: Running | undefined,
): Promise<Finding[]> {
  const { finding, database } = await checkDatabase(url);
  if (!database) return [finding];
  try {
    const findings = [finding, await checkTables(database), await checkRowSecurity(database)];
    return running
      ? [...findings, ...(await examineGateways(database, settings, running))]
      : findings;
  } finally {
    await database.close();
  }
}

async function examineGateways(database: Database, settings: HouseSettings, running: Running) {
  const record = readHouseRecord(dataFolder(settings.SUNLEDGER_DATA_DIR));
  if (!record) return [];
  const organisation = await findOrganisation(database, record.organisation);
  if (organisation === undefined) return [];
  const records = postgresRecords(database);
  const store = await openFrameStore(settings.SUNLEDGER_TIMESERIES_URL, database);
  return checkGateways({ records, store, organisation, ...running });
}
