import { zoneOffset } from "@sunledger/model/performance";
import { deviceOf, type Fault, type FaultName, idOf } from "../faults/fault.ts";
import { isReplayed, type SimulatedDevice } from "./simulated-device.ts";
import { stringsOf } from "./trackers.ts";

type Kind = SimulatedDevice["kind"];

const any: readonly Kind[] = ["inverter", "meter", "sensor", "logger", "battery"];

/** The kinds of device that a fault of a device can be of; those absent are the plant's alone. */
const suited: Partial<Record<FaultName, readonly Kind[]>> = {
  "inverter-trip": ["inverter"],
  "insulation-fault": ["inverter"],
  overtemperature: ["inverter"],
  "string-open": ["inverter"],
  "blown-fuse": ["inverter"],
  "string-loss": ["inverter"],
  shading: ["inverter"],
  soiling: ["inverter"],
  degradation: ["inverter"],
  curtailment: ["inverter"],
  "sensor-drift": ["sensor"],
  "comms-loss": any,
  "sign-flip": any,
  "scale-change": any,
  sentinel: any,
  spike: any,
  stuck: any,
  noise: any,
  "meter-reversal": ["meter"],
  "meter-exchange": ["meter"],
  "counter-reset": ["inverter", "meter"],
  "no-answer": any,
  "slow-answer": any,
  "half-open": any,
  "connection-drop": any,
  "exception-answer": any,
  "wrong-transaction": any,
  "partial-frames": any,
  "merged-frames": any,
  garbage: any,
  "one-client": any,
  "byte-swap": any,
  "counter-rollover": any,
  "transient-zero": any,
  "clock-drift": any,
  "clock-jump": any,
  "clock-dst-error": any,
};

/** What has a clock that shows: a make with a register for it, or a recording with its time stamps. */
function hasClock(device: SimulatedDevice): boolean {
  const makes: readonly string[] = ["huawei-smartlogger", "fronius"];
  return isReplayed(device) || makes.includes(device.profile);
}

/** What is wrong with the faults of a plant, in words. */
export function misplacedFaults({
  faults,
  devices,
  timeZone,
}: {
  readonly faults: readonly Fault[];
  readonly devices: readonly SimulatedDevice[];
  readonly timeZone: string;
}): string[] {
  const ids = faults.map(idOf);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  return [
    ...twice.map((id) => `the fault ${id} is there twice`),
    ...faults.flatMap((fault) => [
      ...wrongDevice(fault, devices),
      ...wrongSpan(fault),
      ...wrongZone(fault, timeZone),
    ]),
  ];
}

function wrongDevice(fault: Fault, devices: readonly SimulatedDevice[]): string[] {
  const tag = deviceOf(fault);
  if (tag === undefined) return [];
  const device = devices.find((one) => one.tag === tag);
  if (!device) return [`${fault.kind} is of a device ${tag} that the plant does not have`];
  const kinds = suited[fault.kind] ?? [];
  if (!kinds.includes(device.kind)) {
    return [`${fault.kind} is of ${kinds.join(" or ")}, and ${tag} is of kind ${device.kind}`];
  }
  if (isReplayed(device) && kinds !== any) {
    return [
      `${fault.kind} is of a device that the model works out, and ${tag} replays a recording`,
    ];
  }
  if (device.kind === "meter" && !device.atGrid && kinds !== any) {
    return [`${fault.kind} is of a meter at the grid connection, and ${tag} is none`];
  }
  if (fault.kind.startsWith("clock-") && !hasClock(device)) {
    return [`${fault.kind} is of a device with a clock, and ${tag} shows none`];
  }
  if (!("strings" in fault) || device.kind !== "inverter") return [];
  const strings = stringsOf(device);
  const absent = fault.strings.filter((number) => number > strings);
  return absent.map((number) => `${fault.kind}: ${tag} has no string ${number}`);
}

function wrongSpan({ kind, start, end }: Fault): string[] {
  return end !== undefined && end <= start ? [`${kind} ends before it has begun`] : [];
}

const day = 86_400_000;

/** A clock that nobody puts forward or back is right where that is never done. */
function wrongZone({ kind, start, end = start + 366 * day }: Fault, timeZone: string): string[] {
  if (kind !== "clock-dst-error") return [];
  const offset = zoneOffset(start, timeZone);
  for (let at = start; at < end; at += day) {
    if (zoneOffset(at, timeZone) !== offset) return [];
  }
  return zoneOffset(end, timeZone) === offset
    ? [`${kind} does nothing: the clocks of ${timeZone} are not changed while it lasts`]
    : [];
}
