import type { LoadCurve } from "./load-curve.ts";
import { isReplayed, type SimulatedDevice, type SimulatedInverter } from "./simulated-device.ts";

/** Power in tens of watts in a signed register of 16 bits, as model 103 has it here. */
const mostOfInverter = 327_670;
/** Watts in an unsigned one, as model 160 has them here; the highest count means none. */
const mostOfTracker = 65_534;
/** Hundreds of watts in a signed one, as model 203 has them here. */
const mostOfMeter = 3_276_700;

/** What an inverter takes from its array against its rating at most: losses and a little more. */
const overRating = 1.05;
/** What an array gives against its nameplate at most: edges of clouds, cold modules. */
const overNameplate = 1.2;
/** Apparent against active power at a grid connection at most. */
const reactiveToo = 1.15;

const trackersOf: Partial<Record<SimulatedDevice["profile"], boolean>> = {
  sunspec: true,
  fronius: true,
  solaredge: false,
};

/** What of a plant is more than the alliance's registers of its devices can show, in words. */
export function narrowRegisters(devices: readonly SimulatedDevice[], load: LoadCurve): string[] {
  const modelled = devices.filter((device) => !isReplayed(device));
  const inverters = modelled.filter((device) => device.kind === "inverter");
  const meters = modelled.filter(({ kind, profile }) => kind === "meter" && profile === "sunspec");
  const fedIn = inverters.reduce((sum, { ratedAcW }) => sum + ratedAcW, 0);
  const { curve: _, ...parts } = load;
  const drawn = Object.values(parts).reduce((sum, watts) => sum + watts, 0);
  const atMeter = reactiveToo * Math.max(fedIn, drawn);
  return [
    ...inverters.flatMap(tooStrong),
    ...meters.flatMap(({ tag }) => words(tag, "power", atMeter, mostOfMeter)),
  ];
}

function tooStrong(inverter: SimulatedInverter): string[] {
  const { tag, profile, ratedAcW } = inverter;
  const hasTrackers = trackersOf[profile];
  if (hasTrackers === undefined) return [];
  return [
    ...words(tag, "power", overRating * ratedAcW, mostOfInverter),
    ...(hasTrackers ? words(tag, "power of a tracker", trackerPower(inverter), mostOfTracker) : []),
  ];
}

/** What the strongest tracker gives at most. Beyond its rating an inverter holds all back alike. */
function trackerPower({ ratedAcW, ratedDcW, trackers }: SimulatedInverter): number {
  const parts = (trackers ?? []).map(({ dcW = ratedDcW / 4 }) => dcW);
  const all = parts.reduce((sum, part) => sum + part, 0);
  const share = all > 0 ? Math.max(...parts) / all : 1 / 4;
  const looksOneWay = (trackers ?? []).every(
    ({ tilt, azimuth }) => (tilt ?? azimuth) === undefined,
  );
  const kept = looksOneWay ? (overRating * ratedAcW) / ratedDcW : overNameplate;
  return share * ratedDcW * Math.min(overNameplate, kept);
}

function words(tag: string, what: string, watts: number, most: number): string[] {
  if (watts <= most) return [];
  const [kilowatts, shown] = [watts, most].map((one) => Math.round(one / 100) / 10);
  return [`${tag} cannot show its ${what}: up to ${kilowatts} kW, its registers hold ${shown} kW`];
}
