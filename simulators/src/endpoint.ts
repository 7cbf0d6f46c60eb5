import type { Clock, Scope } from "@sunledger/runtime";
import type { Device } from "./device/device.ts";
import { loggerMakes } from "./device/logger-makes.ts";
import type { WireEffect } from "./faults/wire-effect.ts";
import { openLedger } from "./ledger/ledger.ts";
import type { ServedUnit } from "./modbus/device-server.ts";
import { isSilent, wireOf } from "./plant/active-faults.ts";
import type { PlantModel } from "./plant/plant-model.ts";
import type { RegisterImage } from "./registers/image.ts";
import { functionsOf } from "./registers/register.ts";
import type { SimulatedDevice } from "./scenario/simulated-device.ts";

/** A device measures five times a second; between that it shows the same. */
const refreshMs = 200;

/** A simulated device with what it shows now, whatever line it is asked on. */
export type Endpoint = {
  readonly device: SimulatedDevice;
  readonly unit: ServedUnit;
  silent(): boolean;
  /** What faults make of requests and answers on its own line now. */
  wire(): readonly WireEffect[];
};

type EndpointParts = {
  readonly clock: Clock;
  readonly ledgerDir?: string | undefined;
  readonly ledgerBytes?: number | undefined;
};
type Shown = {
  readonly instant: number;
  readonly image: RegisterImage;
  readonly silent: boolean;
  readonly wire: readonly WireEffect[];
};

export function endpointOf(
  { clock, ledgerDir, ledgerBytes }: EndpointParts,
  model: PlantModel,
  simulated: Device,
  scope: Scope,
): Endpoint {
  const { device, table, write } = simulated;
  const ledger =
    ledgerDir === undefined
      ? undefined
      : openLedger({
          ...{ folder: ledgerDir, plant: model.plant.code, tag: device.tag, table },
          room: { mostBytes: ledgerBytes },
          onGone: (files) => scope.log.warn({ device: device.tag, files }, "old ledgers are gone"),
        });
  if (ledger) scope.onStop("ledger", () => ledger.close());

  let shown: Shown | undefined;
  const show = () => {
    const instant = Math.floor(clock.now() / refreshMs) * refreshMs;
    if (shown?.instant !== instant) {
      const reading = model.at(instant);
      const { tag } = device;
      const [silent, wire] = [isSilent(reading.moment, tag), wireOf(reading.moment, tag)];
      shown = { instant, image: simulated.imageAt(reading), silent, wire };
    }
    return shown;
  };

  return {
    device,
    silent: () => show().silent,
    wire: () => show().wire,
    unit: {
      readBy: functionsOf(table),
      image: () => show().image,
      ...(write && {
        write: (address: number, words: Buffer) => {
          // What was shown is no longer so: a value is read back at once.
          shown = undefined;
          const at = clock.now();
          const refusal = write(address, words, at);
          if (refusal === undefined) ledger?.written(at, address, words);
          return refusal;
        },
      }),
      served: (read) => {
        if (!ledger || !shown) return undefined;
        const { instant, image } = shown;
        // It belongs to when it was asked for, however late it leaves.
        const at = clock.now();
        return (how) => {
          if (how === "whole") ledger.served(at, read, instant, image.values);
          else ledger.unserved(at, { ...read, function: read.readBy }, how);
        };
      },
      refused: (asked, exception) => {
        if (!ledger) return undefined;
        const at = clock.now();
        return (how) => {
          if (how === "whole") ledger.refused(at, asked, exception);
          else ledger.unserved(at, asked, how);
        };
      },
      ignored: (asked) => ledger?.unserved(clock.now(), asked, "ignored"),
    },
  };
}

/** Who answers on the line of a device: itself, and through a logger those behind it. */
export function unitsOf(
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
