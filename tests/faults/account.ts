import type { Balance } from "@sunledger/model";
import { balancesOf } from "@sunledger/store";
import { compareAllServed, type LedgerFinding } from "../support/served.ts";
import type { StoredHouse, StoredStream } from "../support/stored.ts";
import type { FaultHouse } from "./fault-house.ts";
import { type FaultKind, kindOf } from "./fault-kinds.ts";
import { faultPlants } from "./fault-plants.ts";
import type { Incident } from "./run-schedule.ts";

/** What became of everything that was served, in lines that say what is not as it has to be. */
export type Account = {
  /** Values that were compared with what was served. */
  readonly compared: number;
  /** Frames that are stored of the gateways. */
  readonly frames: number;
  /** Values that were served while their device or gateway was struck, and that nobody has. */
  readonly excused: number;
  /** Values of answers that a gateway did not hear, though nothing was struck. */
  readonly unheard: number;
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
/** A poll with a time-out or two. */
const longPollMs = 5_000;
const mostLines = 20;

/**
 * Holds the ledger of what was served against the store, and the store against what gateways say of
 * themselves. Missing may be only what a source was struck for, or what a gap row tells of.
 */
export async function accountFor(
  house: FaultHouse,
  incidents: readonly Incident[],
): Promise<Account> {
  const stored = await house.openIt();
  try {
    const gaps = await gapsOf(stored);
    const isExplained = (finding: LedgerFinding) =>
      (finding.what === "missing" || finding.what === "unread") &&
      (incidents.some((incident) => strikesSource(incident, finding)) ||
        gaps.some((gap) => isOfGap(gap, finding)));
    const { compared, findings, explained, unheard } = await compareAllServed(
      house.openIt,
      house.ledgerDir,
      { explains: isExplained, unanswered: house.unanswered },
    );
    const streams = await stored.streams();
    const isCounted = countedHere(house);
    return {
      compared,
      frames: streams.reduce((sum, one) => sum + (isCounted(one) ? one.frames : one.upTo), 0),
      excused: explained,
      unheard,
      gaps,
      wrong: [
        ...findings.slice(0, mostLines).map((finding) => `ledger: ${JSON.stringify(finding)}`),
        ...missingStreams(streams),
        ...streams.flatMap((stream) => faultsOfStream(stream, isCounted(stream))),
        ...faultsOfEpochs(streams),
        ...(await unannounced(stored)),
        ...(await faultsOfConservation(stored, isCounted)),
        ...(await house.peer.findings()),
      ],
    };
  } finally {
    await stored.close();
  }
}

/** Frames of values that are in another store are no rows of PostgreSQL. */
function countedHere({ series }: FaultHouse) {
  return ({ lane }: StoredStream) => series === undefined || lane === "counters";
}

/** The numbers are whole, and each is a frame or on record as given up: none twice, nothing aside (D-4, D-13). */
function faultsOfStream(stream: StoredStream, isCounted: boolean): string[] {
  const { gateway, lane, settled, upTo, frames, distinct, givenUp } = stream;
  const isWhole = settled === `{[1,${upTo + 1})}`;
  const isSum = !isCounted || (frames + givenUp === upTo && distinct === frames);
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
 * What a gateway says that it has produced is, by the rows of the store, a frame, given up, or still waiting, in
 * each lane and hour (D-13); and in the end nothing waits of what it has told of. A gateway that says nothing of a lane that it has frames of is a fault too.
 */
async function faultsOfConservation(
  house: StoredHouse,
  isCounted: (stream: StoredStream) => boolean,
): Promise<string[]> {
  const { organisation, records, store } = house;
  const gateways = await records.gateways(organisation);
  const judged = gateways.map(async ({ id: gateway, status }) => {
    const balances = status ? await balancesOf(store, { organisation, gateway, status }) : [];
    // Read behind the balances: what these call stored has to be there.
    const streams = (await house.streams()).filter((stream) => stream.gateway === gateway);
    return faultsOfBalances(gateway, balances, streams, isCounted);
  });
  return (await Promise.all(judged)).flat();
}

export function faultsOfBalances(
  gateway: string,
  balances: readonly Balance[],
  streams: readonly StoredStream[],
  isCounted: (stream: StoredStream) => boolean = () => true,
): string[] {
  const lacking = balances.filter(({ missing }) => missing > 0);
  const uneven = streams.flatMap((stream) => {
    const whole = balances.find(({ lane, hour }) => lane === stream.lane && hour === undefined);
    if (!whole) return [`${gateway} says nothing of its lane ${stream.lane}`];
    const { produced, stored, quarantined, givenUp } = whole;
    // What still waits is what is left over: only without it do the others say something.
    const isSum = produced > 0 && produced === stored + quarantined + givenUp;
    // The balance counts numbers that are settled: the rows themselves have to be there.
    const isThere = (stored <= stream.frames || !isCounted(stream)) && givenUp <= stream.givenUp;
    return isSum && isThere ? [] : [`${gateway}: ${JSON.stringify({ ...whole, stream })}`];
  });
  return [...lacking.map((one) => `${gateway} lacks: ${JSON.stringify(one)}`), ...uneven];
}

/** A gateway without both lanes has delivered nothing that could be wrong. */
function missingStreams(streams: readonly StoredStream[]): string[] {
  return faultPlants.flatMap(({ gateway }) => {
    const own = streams.filter((stream) => stream.gateway === gateway && stream.upTo > 0);
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

/**
 * What is given up of one lane says nothing of the other: counters outlast values (D-9). Frames are numbered when their
 * polls are over, and a gap's times are those of numbers: beside them may stand one of a poll that took longer.
 */
export function isOfGap(gap: Gap, finding: LedgerFinding): boolean {
  const span = { from: gap.from - longPollMs, to: gap.to + longPollMs };
  return gap.plant === plantOf(finding) && gap.lane === finding.lane && isWithin(finding.at, span);
}

/** A gateway that is down or stands still polls nothing. */
function stopsPolls(kind: FaultKind): boolean {
  return kind !== "diskFull" && kindOf(kind).place === "gateway";
}

function plantOf({ device }: LedgerFinding): string {
  return device.split("/")[0] ?? "";
}

function isWithin(at: number, { from, to }: { readonly from: number; readonly to: number }) {
  return at >= from && at <= to;
}
