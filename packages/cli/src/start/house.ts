import type { Clock } from "@sunledger/runtime";
import { PlainError } from "../plain-error.ts";
import type { HouseSettings } from "../settings.ts";
import { httpAddress, mqttAddress, wantedPorts } from "./addresses.ts";
import { dashboardBuild } from "./dashboard-build.ts";
import { type DataFolder, dataFolder, openDataFolder, unmakeFolder } from "./data-folder.ts";
import { openScenario, readDemoPlants } from "./demo-plants.ts";
import { startDevelopmentServer } from "./development-server.ts";
import { requireRoom } from "./disk-room.ts";
import { openHouseDatabase } from "./house-database.ts";
import { holdDataFolder } from "./house-lock.ts";
import { requireOwnHouse } from "./house-owner.ts";
import {
  type HouseKind,
  type HouseRecord,
  keepHouseRecord,
  openHouseRecord,
  readHouseRecord,
} from "./house-record.ts";
import { type Household, household } from "./household.ts";
import { awaitLeftovers } from "./leftovers.ts";
import { obituary } from "./obituary.ts";
import { environmentFor, type HousePlace, historyPlan, plansOf } from "./plans.ts";
import { requirePorts } from "./ports.ts";
import type { Progress } from "./progress.ts";
import { provisionHouse } from "./provisioning.ts";
import { requireBeginning } from "./require-beginning.ts";
import { requireBroker, withoutBroker } from "./require-broker.ts";
import { requireListeners } from "./require-listeners.ts";
import { forgetRunningHouse } from "./running-house.ts";
import { openSecrets } from "./secrets.ts";
import { undoing } from "./undoing.ts";
import { unlessFull } from "./unless-full.ts";
import type { Started } from "./welcome.ts";

export type Wishes = {
  /** Absent: as the data folder was made. */
  readonly kind: HouseKind | undefined;
  readonly history: boolean;
  readonly watch: boolean;
  /** With a driven clock, a demo's simulated plants let time pass: so many times as fast. */
  readonly speed: number | undefined;
  /** When a demo with a driven clock begins, Unix milliseconds; absent: now. */
  readonly at: number | undefined;
};

export type HouseParts = {
  readonly settings: HouseSettings;
  readonly wishes: Wishes;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly progress: Progress;
  /** Aborted when the start is to be given up. */
  readonly signal: AbortSignal;
};

export type House = {
  /** Starts everything in its order; undoes what it did when a step fails. */
  start(): Promise<Started>;
  /** Stops everything in reverse order, the database last. */
  stop(): Promise<void>;
  /** Ends the programs the hard way. */
  kill(): void;
};

const patienceMs = 20_000;
/** A step is done when none of its programs died in it: one that did may still come, and is named. */
const allStarted = (dead: readonly string[]) => dead.length === 0;

/** Under a driven clock nothing but the broker starts before somebody has said what time it is. */
function hasTime({ SUNLEDGER_CLOCK: clock }: HouseSettings, { speed }: Wishes): boolean {
  return clock === "system" || speed !== undefined;
}

/** Everything on one machine: the database, the programs, and for a demo two simulated plants. */
export function house({ settings, wishes, env, clock, progress, signal }: HouseParts): House {
  const undo = undoing();
  /** Whether a start has made what outlives its refusal, or told somebody of it. */
  let begun = false;
  let programs: Household | undefined;
  /** The last sentence of a broker that died. */
  let brokerSaid: string | undefined;

  /** Everything that can refuse a start comes first, before anything runs. */
  const prepare = async () => {
    const wanted = dataFolder(settings.SUNLEDGER_DATA_DIR);
    requireOwnHouse(wanted);
    const ownDatabase = settings.SUNLEDGER_DATABASE_URL === undefined;
    if (ownDatabase && readHouseRecord(wanted) === undefined) requireRoom(wanted.path);
    const unmake = unmakeFolder(settings.SUNLEDGER_DATA_DIR);
    const folder = openDataFolder(settings.SUNLEDGER_DATA_DIR);
    undo.push(holdDataFolder(folder));
    undo.push(() => begun || unmake());
    const begin = wishes.at ?? clock.now();
    const asked = { ...wishes, clock: settings.SUNLEDGER_CLOCK, now: begin };
    const record = openHouseRecord(folder, asked);
    requireBeginning(folder, record, wishes);
    requireListeners(settings, record.kind);
    const told = { now: begin, start: wishes.at, fresh: !record.provisioned };
    const scenario = record.kind === "demo" ? openScenario(folder, told) : undefined;
    const plants = scenario === undefined ? [] : readDemoPlants(scenario);
    await awaitLeftovers({ folder, clock, say: progress.say });
    await requirePorts(wantedPorts(settings, plants.flatMap(({ devices }) => devices).length));
    return { folder, record, scenario, plants };
  };

  const start = async () => {
    const { folder, record, scenario, plants } = await prepare();
    const secrets = openSecrets(folder);
    // A broker of one's own has to be told these, and may refuse this start until it is.
    for (const plant of plants) {
      for (const id of [plant.gateway, plant.historyGateway]) secrets.gateway(id);
    }
    begun = settings.SUNLEDGER_MQTT_URL !== undefined;
    await awaitNamedBroker(folder, secrets.service);
    signal.throwIfAborted();
    const building = buildDashboard(folder);
    begun ||= settings.SUNLEDGER_DATABASE_URL === undefined;
    const database = await progress.step("database started, its tables up to date", () =>
      openHouseDatabase({
        settings,
        folder,
        clock,
        onLoss: (reason) => progress.say(`  postgres: ${reason}`),
        onChange: () => programs?.changed(),
      }),
    );
    undo.push(() => database.stop());
    begun = true;
    signal.throwIfAborted();

    const mqttUrl = mqttAddress(settings);
    const known = { settings, folder, databaseUrl: database.url, mqttUrl, secrets, env };
    const { signIns, record: provisioned } = await progress.step(
      "organisation, plants and users",
      () => provisionHouse({ ...known, record, plants, env: environmentFor(known) }),
    );
    keepHouseRecord(folder, provisioned);
    signal.throwIfAborted();

    const dashboard = await progress.step("dashboard built", () => building);
    const { speed } = wishes;
    const place = { ...known, dashboard, scenario, plants, speed };
    const running = household({
      clock,
      folder,
      about: {
        supervisor: process.pid,
        address: httpAddress(settings),
        mqttUrl,
        databaseUrl: database.url,
        databaseOwnerUrl: database.ownerUrl,
      },
      others: () => database.processes(),
      onDeath(name, death, logFile) {
        if (name === "broker") brokerSaid = death.lastWords;
        progress.say(obituary(name, death, logFile));
      },
    });
    programs = running;
    undo.push(() => forgetRunningHouse(folder));
    undo.push(() => running.stop());
    const missing = await runPrograms(running, place);
    if (wishes.watch) await watch(running, folder);
    running.declareReady();
    makeHistory(running, place, provisioned);
    return { signIns, missing };
  };

  const awaitNamedBroker = async (folder: DataFolder, secret: string) => {
    const mqttUrl = settings.SUNLEDGER_MQTT_URL;
    if (mqttUrl === undefined) return;
    const place = { mqttUrl, secret, folder, patienceMs, signal };
    await progress.step("the broker answers", () => requireBroker(place));
  };

  /**
   * Each wave once the one before it has started; answers what does not run yet. A house without its
   * broker is no house.
   */
  const runPrograms = async (running: Household, place: HousePlace) => {
    const timely = hasTime(settings, wishes);
    for (const { what, plans } of plansOf(place)) {
      const launched = progress.step(what, () => running.launch(plans), allStarted);
      if (what === "broker" || timely) await launched;
      signal.throwIfAborted();
    }
    const missing = await running.allStarted(patienceMs, timely ? undefined : ["broker"]);
    if (missing.includes("broker")) throw new PlainError(withoutBroker(place.folder, brokerSaid));
    if (!timely) {
      progress.say("  the other programs wait for a driver's first tick: replay gives one");
    }
    return missing;
  };

  const buildDashboard = (folder: DataFolder) => {
    const giveUp = new AbortController();
    const building = dashboardBuild(folder, giveUp.signal);
    const settled = building.catch(() => {}); // awaited later, unless the start has failed by then
    undo.push(async () => {
      giveUp.abort();
      await settled;
    });
    return building;
  };

  const watch = async (running: Household, folder: DataFolder) => {
    const watching = new AbortController();
    undo.push(() => watching.abort());
    running.watch(watching.signal);
    const server = await startDevelopmentServer(folder, httpAddress(settings));
    undo.push(() => server.stop());
    progress.say(`  the dashboard with hot reload: ${server.address}`);
  };

  /** In the background; taken up again at the next start when it was cut short. */
  const makeHistory = (running: Household, place: HousePlace, record: HouseRecord) => {
    if (!record.history || record.history.done) return;
    const { until } = record.history;
    const plan = historyPlan(place, until);
    const whole = async () => {
      await running.launch([plan]);
      if (!(await running.done(plan.name))) return;
      // Made again at the next start, where it changes nothing, if there is no room to note it.
      unlessFull(() =>
        keepHouseRecord(place.folder, { ...record, history: { until, done: true } }),
      );
      progress.say("The last 30 days are there.");
    };
    void whole();
  };

  return {
    async start() {
      try {
        return await start();
      } catch (error) {
        await undo.run().catch(() => {}); // why the start failed is what matters
        throw error;
      }
    },
    stop: () => undo.run(),
    kill: () => programs?.kill(),
  };
}
