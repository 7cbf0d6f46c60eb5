import { type Clock, ConfigError, type Scope } from "@sunledger/runtime";
import { countUp } from "./count-up.ts";
import { devicesOf } from "./device/device.ts";
import { idleFaults } from "./device/idle-faults.ts";
import type { DeviceTrace } from "./device/replayed-values.ts";
import { type Endpoint, endpointOf, unitsOf } from "./endpoint.ts";
import { writeEnergies } from "./ledger/energies.ts";
import { type LabelBook, openLabels } from "./ledger/labels.ts";
import { type ServedUnit, serveDevice } from "./modbus/device-server.ts";
import { isOfWrittenLimit, labelsAt } from "./plant/labels.ts";
import { type PlantModel, plantModel, stepMs } from "./plant/plant-model.ts";
import { type StateFile, stateFile } from "./plant/state-file.ts";
import { trueEnergiesAt } from "./plant/true-energies.ts";
import { originOf, type Scenario } from "./scenario/scenario.ts";

export type SimulatorParts = {
  readonly scenario: Scenario;
  readonly clock: Clock;
  readonly host: string;
  /** The first device's; the others follow in the scenario's order. 0 takes free ones. */
  readonly port: number;
  /** What devices replay that do, by `plant/TAG`. */
  readonly traces?: ReadonlyMap<string, DeviceTrace>;
  readonly ledgerDir?: string | undefined;
  /** What the ledger of one device, and of a plant's energies, may take on disk; absent: all of it is kept. */
  readonly ledgerBytes?: number | undefined;
  readonly stateDir?: string | undefined;
};

export type ServedDevice = {
  readonly plant: string;
  readonly device: string;
  readonly port: number;
  /** Its own unit id on the line of that port. */
  readonly unit: number;
};

const minute = 60_000;

/** Serves every device of the scenario until the scope stops. */
export async function startSimulators(
  parts: SimulatorParts,
  scope: Scope,
): Promise<ServedDevice[]> {
  const { scenario, clock, stateDir, ledgerDir } = parts;
  requireEffect(parts);
  const served: ServedDevice[] = [];
  for (const plant of scenario.plants) {
    const kept = stateDir ? stateFile(stateDir, scenario.seed, plant.code) : undefined;
    const state = await kept?.read();
    const start = state ?? { origin: originOf(scenario, clock.now()) };
    const model = plantModel(scenario.seed, plant, start);
    await countUp(model, clock.now(), scope);
    if (scope.signal.aborted) return served;
    if (kept) keepState(kept, model, clock, scope);
    if (ledgerDir !== undefined) {
      const labels = openLabels(ledgerDir, plant.code);
      // What an earlier run was told to hold back, this one does not from where its counters go on.
      await labels.end(isOfWrittenLimit, state?.at ?? 0);
      await keepLabels(labels, model, clock, scope);
      await keepEnergies({ ...parts, ledgerDir }, model, scope);
    } else {
      forgetLimits(model, clock, scope);
    }
    const devices = devicesOf(model, parts.traces);
    const endpoints = devices.map((device) => endpointOf(parts, model, device, scope));
    for (const endpoint of endpoints) {
      const port = parts.port === 0 ? 0 : parts.port + served.length;
      const units = unitsOf(endpoint, endpoints);
      served.push(await startDevice({ ...parts, port }, endpoint, units, plant.code, scope));
    }
  }
  return served;
}

/** Throws a `ConfigError` that names all faults of the scenario that would show nowhere. */
function requireEffect({ scenario, traces }: SimulatorParts): void {
  const idle = scenario.plants.flatMap((plant) =>
    idleFaults(scenario.seed, plant, traces).map((why) => `${plant.code}: ${why}`),
  );
  if (idle.length > 0) {
    throw new ConfigError(`faults of the scenario would show nowhere:\n${idle.join("\n")}`);
  }
}

/**
 * When a driven clock goes on, Unix milliseconds: the end of the step that the counters were kept in,
 * since an instant that has been polled must not come again. 0 when nothing was kept.
 */
export async function keptUntil(folder: string | undefined, scenario: Scenario): Promise<number> {
  if (folder === undefined) return 0;
  const states = await Promise.all(
    scenario.plants.map(({ code }) => stateFile(folder, scenario.seed, code).read()),
  );
  return Math.max(0, ...states.map((state) => (state ? state.at + stepMs : 0)));
}

/** Writes the plant's counters down once a minute and at the end. */
function keepState(file: StateFile, model: PlantModel, clock: Clock, scope: Scope): void {
  const keep = async () => {
    model.at(clock.now());
    await file.write(model.state());
  };
  keepByMinute({ what: "counters", plant: model.plant.code, keep }, clock, scope);
}

/** Writes down what is the matter with a plant: once a minute what is new or over, at the end all. */
async function keepLabels(
  book: LabelBook,
  model: PlantModel,
  clock: Clock,
  scope: Scope,
): Promise<void> {
  const keep = async (atEnd: boolean) => {
    const now = clock.now();
    const limits = model.limitsAt(now);
    await book.write(labelsAt(model, now), atEnd);
    // Not before they are in the file: there may be any number of them within a minute.
    model.forgetLimits(limits);
  };
  await keep(false);
  keepByMinute({ what: "labels", plant: model.plant.code, keep }, clock, scope);
}

/** Where nobody wants to know which limits were written, they are not gathered either. */
function forgetLimits(model: PlantModel, clock: Clock, scope: Scope): void {
  const keep = async () => model.forgetLimits(model.limitsAt(clock.now()));
  keepByMinute({ what: "limits", plant: model.plant.code, keep }, clock, scope);
}

/** Writes down what a plant's counters truly have come to: now, at each full minute and at the end. */
async function keepEnergies(
  { ledgerDir, ledgerBytes, clock }: SimulatorParts & { readonly ledgerDir: string },
  model: PlantModel,
  scope: Scope,
): Promise<void> {
  const { code } = model.plant;
  const write = async (at: number) => {
    const room = { mostBytes: ledgerBytes };
    const gone = await writeEnergies(ledgerDir, code, trueEnergiesAt(model, at), room);
    if (gone.length > 0) scope.log.warn({ plant: code, files: gone }, "old energies are gone");
  };
  const keep = (atEnd: boolean) => {
    const now = clock.now();
    return write(atEnd ? now : now - (now % minute));
  };
  await write(clock.now());
  keepByMinute({ what: "energies", plant: model.plant.code, keep }, clock, scope);
}

type Keeping = {
  readonly what: string;
  readonly plant: string;
  keep(atEnd: boolean): Promise<void>;
};

function keepByMinute({ what, plant, keep }: Keeping, clock: Clock, scope: Scope): void {
  let writing = Promise.resolve();
  clock.every(
    minute,
    () => {
      writing = keep(false).catch((err: unknown) =>
        scope.log.warn({ err, plant }, `could not keep the ${what}`),
      );
      return writing;
    },
    scope.signal,
  );
  scope.onStop(what, async () => {
    await writing;
    await keep(true);
  });
}

async function startDevice(
  { host, port }: Pick<SimulatorParts, "host" | "port">,
  endpoint: Endpoint,
  units: ReadonlyMap<number, ServedUnit>,
  plant: string,
  scope: Scope,
): Promise<ServedDevice> {
  const { tag } = endpoint.device;
  const { silent, wire } = endpoint;
  const server = await serveDevice({ host, port, units, silent, wire });
  scope.onStop(`device ${plant} ${tag}`, () => server.close());
  scope.log.info({ plant, device: tag, host, port: server.port }, "serving");
  const [unit = 1] = units.keys();
  return { plant, device: tag, port: server.port, unit };
}
