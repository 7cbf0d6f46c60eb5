import type { Clock, Scope } from "@sunledger/runtime";
import { type Device, devicesOf } from "./device/device.ts";
import { loggerMakes } from "./device/logger-makes.ts";
import { writeEnergies } from "./ledger/energies.ts";
import { type LabelBook, openLabels } from "./ledger/labels.ts";
import { openLedger } from "./ledger/ledger.ts";
import { type ServedUnit, serveDevice } from "./modbus/device-server.ts";
import { isSilent } from "./plant/active-faults.ts";
import { labelsAt } from "./plant/labels.ts";
import { type PlantModel, plantModel, stepMs } from "./plant/plant-model.ts";
import { type StateFile, stateFile } from "./plant/state-file.ts";
import { trueEnergiesAt } from "./plant/true-energies.ts";
import type { RegisterImage } from "./registers/image.ts";
import { functionsOf } from "./registers/register.ts";
import { originOf, type Scenario } from "./scenario/scenario.ts";
import type { SimulatedDevice } from "./scenario/simulated-device.ts";

export type SimulatorParts = {
  readonly scenario: Scenario;
  readonly clock: Clock;
  readonly host: string;
  /** The first device's; the others follow in the scenario's order. 0 takes free ones. */
  readonly port: number;
  readonly ledgerDir?: string | undefined;
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
/** A device measures five times a second; between that it shows the same. */
const refreshMs = 200;

/** Serves every device of the scenario until the scope stops. */
export async function startSimulators(
  parts: SimulatorParts,
  scope: Scope,
): Promise<ServedDevice[]> {
  const { scenario, clock, stateDir, ledgerDir } = parts;
  const served: ServedDevice[] = [];
  for (const plant of scenario.plants) {
    const kept = stateDir ? stateFile(stateDir, scenario.seed, plant.code) : undefined;
    const state = await kept?.read();
    const start = state ?? { origin: originOf(scenario, clock.now()) };
    const model = plantModel(scenario.seed, plant, start);
    model.at(clock.now());
    if (kept) keepState(kept, model, clock, scope);
    if (ledgerDir !== undefined) {
      await keepLabels(openLabels(ledgerDir, plant.code), model, clock, scope);
      await keepEnergies(ledgerDir, model, clock, scope);
    }
    const endpoints = devicesOf(model).map((device) => endpointOf(parts, model, device, scope));
    for (const endpoint of endpoints) {
      const port = parts.port === 0 ? 0 : parts.port + served.length;
      const units = unitsOf(endpoint, endpoints);
      served.push(await startDevice({ ...parts, port }, endpoint, units, plant.code, scope));
    }
  }
  return served;
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
  if (model.plant.faults.length === 0) return;
  const keep = (atEnd: boolean) => book.write(labelsAt(model, clock.now()), atEnd);
  await keep(false);
  keepByMinute({ what: "labels", plant: model.plant.code, keep }, clock, scope);
}

/** Writes down what a plant's counters truly have come to: now, at each full minute and at the end. */
async function keepEnergies(
  folder: string,
  model: PlantModel,
  clock: Clock,
  scope: Scope,
): Promise<void> {
  const write = (at: number) => writeEnergies(folder, model.plant.code, trueEnergiesAt(model, at));
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

/** A simulated device with what it shows now, whatever line it is asked on. */
type Endpoint = {
  readonly device: SimulatedDevice;
  readonly unit: ServedUnit;
  silent(): boolean;
};

function endpointOf(
  { clock, ledgerDir }: SimulatorParts,
  model: PlantModel,
  simulated: Device,
  scope: Scope,
): Endpoint {
  const { device, table, setPoints } = simulated;
  const ledger =
    ledgerDir === undefined
      ? undefined
      : openLedger({ folder: ledgerDir, plant: model.plant.code, tag: device.tag, table });
  if (ledger) scope.onStop("ledger", () => ledger.close());

  let shown: { instant: number; image: RegisterImage; silent: boolean } | undefined;
  const show = () => {
    const instant = Math.floor(clock.now() / refreshMs) * refreshMs;
    if (shown?.instant !== instant) {
      const reading = model.at(instant);
      const silent = isSilent(reading.moment, device.tag);
      shown = { instant, image: simulated.imageAt(reading), silent };
    }
    return shown;
  };

  return {
    device,
    silent: () => show().silent,
    unit: {
      readBy: functionsOf(table),
      image: () => show().image,
      ...(setPoints && {
        write: (address: number, words: Buffer) => {
          // What was shown is no longer so: a value is read back at once.
          shown = undefined;
          return setPoints.write(address, words);
        },
      }),
      served: (read) => {
        if (shown) ledger?.served(clock.now(), read, shown.instant, shown.image.values);
      },
    },
  };
}

async function startDevice(
  { host, port }: Pick<SimulatorParts, "host" | "port">,
  endpoint: Endpoint,
  units: ReadonlyMap<number, ServedUnit>,
  plant: string,
  scope: Scope,
): Promise<ServedDevice> {
  const { tag } = endpoint.device;
  const server = await serveDevice({ host, port, units, silent: endpoint.silent });
  scope.onStop(`device ${plant} ${tag}`, () => server.close());
  scope.log.info({ plant, device: tag, host, port: server.port }, "serving");
  const [unit = 1] = units.keys();
  return { plant, device: tag, port: server.port, unit };
}

/** Who answers on the line of a device: itself, and through a logger those behind it. */
function unitsOf(
  { device, unit }: Endpoint,
  endpoints: readonly Endpoint[],
): ReadonlyMap<number, ServedUnit> {
  if (device.kind !== "logger" || device.behind.length === 0) return new Map([[1, unit]]);
  const make = loggerMakes[device.profile];
  const units = new Map([[make.unit, unit]]);
  device.behind.forEach((tag, place) => {
    const child = endpoints.find((one) => one.device.tag === tag);
    if (!child) return;
    const link = { tag, unit: place + 1 };
    const { write } = child.unit;
    units.set(link.unit, {
      ...child.unit,
      image: () => make.through(child.unit.image(), { ...link, lost: child.silent() }),
      ...(write && { write: (address, words) => (child.silent() ? 11 : write(address, words)) }),
    });
  });
  return units;
}
