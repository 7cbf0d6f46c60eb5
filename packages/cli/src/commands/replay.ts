import { statSync } from "node:fs";
import { resolve } from "node:path";
import { loadConfig, systemClock } from "@sunledger/runtime";
import { openDatabase, openFrameStore, postgresRecords } from "@sunledger/store";
import { Command } from "commander";
import { requireOrganisation } from "../database/require-organisation.ts";
import { withDatabase } from "../database/with-database.ts";
import { houseEnvironment } from "../environment.ts";
import { forPeople, runInForeground } from "../foreground.ts";
import { messageOf, PlainError } from "../plain-error.ts";
import { print, printError } from "../print.ts";
import { neededDevices } from "../replay/needed-devices.ts";
import { readPosition } from "../replay/position.ts";
import type { PlantPlace } from "../replay/registered.ts";
import { prepareReplay } from "../replay/replay-plant.ts";
import { requireGateway } from "../replay/require-gateway.ts";
import {
  outcomeLines,
  outcomeOf,
  type Replayed,
  replayedBy,
  type Sender,
} from "../replay/tell-outcome.ts";
import { HouseSettings } from "../settings.ts";
import { dataFolder } from "../start/data-folder.ts";
import { readHouseRecord } from "../start/house-record.ts";
import { hashOf, openSecrets } from "../start/secrets.ts";

type Options = {
  readonly map: string;
  readonly speed: string;
  readonly register?: true;
  readonly plant?: string;
  readonly zone?: string;
  readonly position?: readonly [number, number];
};

export function replayCommand(): Command {
  return new Command("replay")
    .description("play a CSV as telemetry with its own times, through the whole path")
    .argument("<file>", "CSV, or NEM12; .gz is read too")
    .requiredOption("-m, --map <file>", "the YAML file that says what its columns are")
    .option("--speed <factor>", "full, or so many times as fast as it was recorded", "full")
    .option("--plant <code>", "the plant whose devices these are; absent: the only one")
    .option("--register", "make devices, and the plant, that are not there yet")
    .option("--zone <zone>", "time zone of a plant that is made, as Asia/Shanghai")
    .option("--position <latitude,longitude>", "position of a plant that is made", readPosition)
    .addHelpText(
      "after",
      `
Needs a running house. Devices that are not known are refused by name unless --register is given.
Maps for the traces that ship with the product are in simulators/maps. A file that is not UTF-8 is read
where its map names its encoding: gb18030 or latin1.

A cell that is no number (NaN and Inf are none), a row that cannot be read or whose time is before 1990 or
more than 10 minutes in the future is reported by file, line and column, and all the rest is sent; an
empty cell is no value. Exit code 0 when every row was good, 2 when some were bad, quarantined or in
conflict with what is stored, 1 when the replay failed.

It speaks to the broker as the gateway PLANT-replay. The embedded broker knows that one by itself; on a
broker of your own add it once, with its secret from secrets.json of the data folder: see
infra/mosquitto/README.md.

At the end it says how many frames were sent, and what became of them: new, already there as they are,
quarantined, or in conflict with what is stored. A trace that is played twice changes nothing.

Example:
  $ npx sunledger replay inverter.csv.gz --map simulators/maps/practice-inverter.yaml \\
      --plant field --register --zone Etc/GMT+6 --position 18,-92

The position says when it is dark: give the plant's own. That of the example is not told with its trace;
it is one where the sun rises and sets as there.`,
    )
    .action(replay);
}

async function replay(file: string, options: Options): Promise<void> {
  const settings = loadConfig(HouseSettings);
  const folder = dataFolder(settings.SUNLEDGER_DATA_DIR);
  const record = readHouseRecord(folder);
  const house = houseEnvironment();
  const mqttUrl = settings.SUNLEDGER_MQTT_URL ?? house.SUNLEDGER_MQTT_URL;
  if (!record || !mqttUrl) {
    throw new PlainError(
      `No house runs on ${folder.path}: start it with "sunledger start", ` +
        "or name its data folder with SUNLEDGER_DATA_DIR.",
    );
  }
  for (const wanted of [file, options.map]) {
    const found = statSync(wanted, { throwIfNoEntry: false });
    if (!found) throw new PlainError(`There is no file ${resolve(wanted)}.`);
    if (found.isDirectory())
      throw new PlainError(`${resolve(wanted)} is a folder: name a file in it.`);
  }
  const needed = await neededDevices(resolve(file), resolve(options.map));
  const secrets = openSecrets(folder);
  const idOf = (plant: string) => `${plant}-replay`;
  const { gateway, organisation } = await withDatabase(settings, systemClock(), async ({ url }) => {
    const database = await openDatabase(url, { name: "sunledger-replay", most: 2 });
    try {
      const records = postgresRecords(database);
      const organisation = await requireOrganisation(database, record.organisation, undefined);
      const gateway = await prepareReplay({
        records,
        organisation,
        plant: options.plant,
        needed,
        register: options.register === true,
        place: placeOf(options),
        gatewayOf: (plant) => ({
          id: idOf(plant),
          secretHash: hashOf(secrets.gateway(idOf(plant))),
        }),
      });
      return { gateway, organisation };
    } finally {
      await database.close();
    }
  });
  const gatewayUrl = settings.SUNLEDGER_GATEWAY_MQTT_URL ?? mqttUrl;
  const secret = secrets.gateway(gateway);
  await requireGateway({ mqttUrl: gatewayUrl, gateway, secret, folder });
  let replayed: Replayed | undefined;
  await runInForeground("replay", {
    onMessage: (message) => {
      replayed ??= replayedBy(message);
    },
    args: [resolve(file), "--map", resolve(options.map), `--speed=${options.speed}`],
    env: {
      SUNLEDGER_MQTT_URL: gatewayUrl,
      SUNLEDGER_GATEWAY_ID: gateway,
      SUNLEDGER_GATEWAY_SECRET: secret,
      SUNLEDGER_SERVICE_SECRET: secrets.service,
      SUNLEDGER_CLOCK: record.clock,
      ...forPeople(),
    },
  });
  if (replayed) await tellOutcome(settings, { organisation, gateway }, replayed);
}

/** Every row was sent, and some of it is not stored as it was sent. */
const exitWithRefused = 2;

/** The frames are stored whatever comes of this: a store that cannot be asked now fails nothing. */
async function tellOutcome(settings: HouseSettings, sender: Sender, replayed: Replayed) {
  try {
    const outcome = await withDatabase(settings, systemClock(), async ({ url }) => {
      const database = await openDatabase(url, { name: "sunledger-replay", most: 1 });
      try {
        const frames = await openFrameStore(settings.SUNLEDGER_TIMESERIES_URL, database);
        return await outcomeOf(frames, sender, replayed).finally(() => frames.close());
      } finally {
        await database.close();
      }
    });
    const [told, ...todo] = outcomeLines(outcome);
    print(told);
    for (const line of todo) printError(line);
    if (todo.length > 0 && !process.exitCode) process.exitCode = exitWithRefused;
  } catch (error) {
    printError(`What was new of it cannot be asked: ${messageOf(error)}`);
  }
}

function placeOf({ zone, position }: Options): PlantPlace {
  return {
    ...(zone !== undefined && { timeZone: zone }),
    ...(position && { latitude: position[0], longitude: position[1] }),
  };
}
