import { compareAllServed, type LedgerFinding } from "../support/served.ts";
import type { StoredHouse, StoredStream } from "../support/stored.ts";
import type { FaultHouse } from "./fault-house.ts";
import { type FaultKind, kindOf } from "./fault-kinds.ts";
import { faultPlants } from "./fault-plants.ts";
import type { Incident } from "./run-schedule.ts";

/** What became of everything that was served, in lines that say what is not as it has to be. */
export type Account = {
  /** Good values that were compared with what was served. */
  readonly compared: number;
  /** Frames that are stored of the gateways. */
  readonly frames: number;
  /** Values that were served while their device or gateway was struck, and that nobody has. */
  readonly excused: number;
  /** What is on record as given up. */
  readonly gaps: readonly Gap[];
  readonly wrong: readonly string[];
};

/** Frames that a gateway has given up, and between which times it took them. */
export type Gap = {
  readonly plant: string;
  readonly gateway: string;
  readonly lane: string;
  readonly frames: number;
  readonly from: number;
  readonly to: number;
};

/** A device that is struck is asked again only after its time-outs and pauses; a killed gateway had two polls in hand. */
const before = 5_000;
export const after = 20_000;
const mostLines = 20;

/**
 * Holds the ledger of what was served against the store, and the store against what gateways say of
 * themselves. Missing may be only what a source was struck for, or what a gap row tells of.
 */
export async function accountFor(
  house: FaultHouse,
  incidents: readonly Incident[],
): Promise<Account> {
  const { compared, findings } = await compareAllServed(house.openIt, house.ledgerDir);
  const stored = await house.openIt();
  try {
    const gaps = await gapsOf(stored);
    const streams = await stored.streams();
    const isExplained = (finding: LedgerFinding) =>
      finding.what === "missing" &&
      (incidents.some((incident) => strikesSource(incident, finding)) ||
        gaps.some((gap) => gap.plant === plantOf(finding) && isWithin(finding.at, gap)));
    const unexplained = findings.filter((finding) => !isExplained(finding));
    return {
      compared,
      frames: streams.reduce((sum, { frames }) => sum + frames, 0),
      excused: findings.length - unexplained.length,
      gaps,
      wrong: [
        ...unexplained.slice(0, mostLines).map((finding) => `ledger: ${JSON.stringify(finding)}`),
        ...missingStreams(streams),
        ...streams.flatMap(faultsOfStream),
        ...faultsOfEpochs(streams),
        ...(await unannounced(stored)),
        ...(await faultsOfConservation(stored, streams)),
        ...(await house.peer.findings()),
      ],
    };
  } finally {
    await stored.close();
  }
}

/** The numbers are whole, and each is a frame or on record as given up: none twice, nothing aside (D-4, D-13). */
function faultsOfStream(stream: StoredStream): string[] {
  const { gateway, lane, settled, upTo, frames, distinct, givenUp } = stream;
  const isWhole = settled === `{[1,${upTo + 1})}`;
  const isSum = frames + givenUp === upTo && distinct === frames;
  const isClean = stream.quarantined + stream.conflicts === 0;
  return isWhole && isSum && isClean
    ? []
    : [`stream ${gateway} ${lane}: ${JSON.stringify(stream)}`];
}

/** What is compared of a device are the points that were announced: of one without any, nothing would be. */
async function unannounced({ organisation, records }: StoredHouse): Promise<string[]> {
  const devices = await records.devices(organisation);
  return devices.flatMap(({ tag, plant, announcement }) =>
    announcement ? [] : [`device ${tag} of plant ${plant} is not announced`],
  );
}

/** No fault of ours may cost a gateway its outbox. */
function faultsOfEpochs(streams: readonly StoredStream[]): string[] {
  const keys = streams.map(({ gateway, lane }) => `${gateway} ${lane}`);
  return new Set(keys).size === keys.length ? [] : ["a gateway has begun another epoch"];
}

/**
 * What a gateway has produced is acknowledged, given up or waiting, and no more is stored than that (D-13).
 * A gateway that says nothing of a lane that it has frames of is a fault too.
 */
async function faultsOfConservation(
  { organisation, records }: StoredHouse,
  streams: readonly StoredStream[],
): Promise<string[]> {
  const statuses = new Map(
    (await records.gateways(organisation)).map(({ id, status }) => [id, status?.lanes] as const),
  );
  return streams.flatMap(({ gateway, lane, upTo }) => {
    const said = new Map(Object.entries(statuses.get(gateway) ?? {})).get(lane);
    if (!said) return [`${gateway} says nothing of its lane ${lane}`];
    const { produced, acknowledged, givenUp, waiting } = said;
    const isSum = produced > 0 && produced === acknowledged + givenUp + waiting;
    const isBehind = acknowledged + givenUp <= upTo;
    return isSum && isBehind ? [] : [`${gateway} ${lane}: ${JSON.stringify({ ...said, upTo })}`];
  });
}

/** A gateway without both lanes has delivered nothing that could be wrong. */
function missingStreams(streams: readonly StoredStream[]): string[] {
  return faultPlants.flatMap(({ gateway }) => {
    const own = streams.filter((stream) => stream.gateway === gateway && stream.frames > 0);
    return own.length === 2 ? [] : [`${gateway} has frames in ${own.length} lanes`];
  });
}

async function gapsOf({ organisation, store }: StoredHouse): Promise<Gap[]> {
  const all = faultPlants.map(async ({ code, gateway }) => {
    const { gaps } = await store.aside(organisation, gateway);
    return gaps.map(({ lane, from, to, fromAt, toAt }) => ({
      ...{ plant: code, gateway, lane, frames: to - from + 1, from: fromAt, to: toAt },
    }));
  });
  return (await Promise.all(all)).flat();
}

function strikesSource({ fault, from, to }: Incident, finding: LedgerFinding): boolean {
  const { place } = kindOf(fault.kind);
  const plant = faultPlants.find(({ code }) => code === plantOf(finding));
  const isItsOwn =
    (stopsPolls(fault.kind) && fault.target === plant?.gateway) ||
    (place === "field" && fault.target === finding.device);
  return isItsOwn && isWithin(finding.at, { from: from - before, to: to + after });
}

/** A gateway that is down or stands still polls nothing. */
function stopsPolls(kind: FaultKind): boolean {
  return kind === "gatewayKill" || kind === "gatewayPause";
}

function plantOf({ device }: LedgerFinding): string {
  return device.split("/")[0] ?? "";
}

function isWithin(at: number, { from, to }: { readonly from: number; readonly to: number }) {
  return at >= from && at <= to;
}
