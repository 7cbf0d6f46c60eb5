import type { Swallowed } from "../support/chaos-proxy.ts";
import { mayMount } from "../support/small-disk.ts";
import { until } from "../support/until.ts";
import { type Account, accountFor } from "./account.ts";
import { type FaultHouse, openFaultHouse, type SeriesKind } from "./fault-house.ts";
import { allKinds, type FaultKind, kindOf } from "./fault-kinds.ts";
import { type Fault, faultSchedule, inWords } from "./fault-schedule.ts";
import { type JudgedApi, judgeApi, judgeStale } from "./judge-api.ts";
import { judgeRestore } from "./judge-restore.ts";
import { judgeRollUps, type RolledUp } from "./judge-roll-ups.ts";
import { type Jumped, jumpClock } from "./jump-clock.ts";
import type { BrokerKind } from "./kept-broker.ts";
import { type Incident, runSchedule } from "./run-schedule.ts";
import { type ApiWatched, watchApi } from "./watch-api.ts";
import { type Growth, watchMemory } from "./watch-memory.ts";

export type SufferWish = {
  readonly broker: BrokerKind;
  /** Where values are, if not in PostgreSQL. */
  readonly series?: SeriesKind;
  readonly seed: number;
  /** Each round has every kind of fault once. */
  readonly rounds: number;
  /** So many more have those alone that end no program: what one holds in memory is watched meanwhile. */
  readonly roundsWithoutEnd?: number;
  /** From one fault to the next, on average, milliseconds. */
  readonly everyMs: number;
  /** How often devices are polled, milliseconds; absent: each second. */
  readonly fastMs?: number;
  /** Whether kinds that take minutes are among them. */
  readonly long: boolean;
  readonly say: (line: string) => void;
};

export type Suffered = {
  readonly faults: readonly Fault[];
  readonly incidents: readonly Incident[];
  readonly account: Account;
  /** The same once more, after the store was restored from the backup of the beginning (D-15). */
  readonly restored: Account;
  /** What gateways gave up of their rings that they should have had. */
  readonly lostOnRestore: readonly string[];
  /** What is corrupt in the store after all faults. */
  readonly damage: readonly string[];
  /** What became of the frames of a gateway whose clock jumped, after all that; they are looked at in PostgreSQL. */
  readonly jumped: Jumped | undefined;
  /** Whether roll-ups of all that is what its frames come to; values that are elsewhere have none. */
  readonly rolledUp: RolledUp | undefined;
  /** What the api answered all the while, and once nothing was stored any more. */
  readonly api: JudgedApi;
  readonly surprises: readonly string[];
  readonly highestMegabytes: Readonly<Record<string, number>>;
  readonly growth: Readonly<Record<string, Growth>>;
  /**
   * How long swallowed connections were held on to by a program that could move, by link, milliseconds;
   * absent: until the end.
   */
  readonly heldMs: ReadonlyMap<string, readonly (number | undefined)[]>;
};

/** Megabytes that no program needs, however many frames wait (F7). */
export const mostMegabytes = 400;

/** A frame that is on its way may need a reconnect after half a minute and a resend. */
const patienceMs = 150_000;

/** What takes longer than that makes the whole longer. */
const tellingMs = 5_000;

/** Of what could not be accounted for at all. */
const nothing: Omit<Account, "wrong"> = {
  compared: 0,
  frames: 0,
  excused: 0,
  unheard: 0,
  gaps: [],
};

/** Lets a house of its own go through a schedule of faults, and says what became of its frames. */
export async function suffer(wish: SufferWish): Promise<Suffered> {
  const { say, seed } = wish;
  const canMount = mayMount();
  if (!canMount) say("no disk is filled up: this account may not mount one");
  const { fastMs = 1_000, series } = wish;
  const house = await openFaultHouse(wish.broker, { mount: canMount, fastMs, series });
  const memory = watchMemory(house.processes);
  try {
    await firstFrames(house);
    await house.store.backUp();
    const kinds = allKinds.filter(
      (kind) => (wish.long || kindOf(kind).isLong !== true) && (series || !isOfSeries(kind)),
    );
    const impossible = canMount ? [] : allKinds.filter((kind) => kindOf(kind).needsDisk);
    say(`faults on ${wish.broker}, seed ${seed}:`);
    const watch = await watchApi(house.api);
    const first = await endured(house, wish, { kinds, impossible, rounds: wish.rounds, seed });
    const second = await endured(house, wish, {
      ...{ kinds: kinds.filter((kind) => !kindOf(kind).ends), impossible, seed: seed + 1 },
      rounds: wish.roundsWithoutEnd ?? 0,
    });
    say("all faults are over");
    const growth = memory.growth();
    const incidents = [...first.incidents, ...second.incidents];
    const seen = await watch.stop();
    // A store that was killed may lack what it had in memory: gateways are told, and this one has no ring.
    if (series) house.peer.rewind();
    await house.peer.settle();
    const account = await settled(house, incidents);
    say(inShort("the ledger equals the store", account));

    const api = await watched(house, seen, { incidents, fastMs });

    const damage = await house.store.damage();
    await restore(house);
    const restored = await settled(house, incidents);
    say(inShort("and after a backup was restored", restored));
    const jumped = series ? undefined : await jumpedAll(house);
    say(`a gateway's clock jumped: ${JSON.stringify(jumped)}`);
    const stale = await judgeStale(house).catch((error: unknown) => [String(error)]);
    say(`the api: ${JSON.stringify({ ...api, stale })}`);
    const rolledUp = series ? undefined : await rollUpAll(house);
    say(`rolled up: ${JSON.stringify(rolledUp)}`);
    return {
      ...{ damage, jumped, rolledUp, api: { ...api, wrong: [...api.wrong, ...stale] } },
      ...{ faults: [...first.faults, ...second.faults], incidents, account, restored, growth },
      lostOnRestore: judgeRestore(account, restored, incidents),
      surprises: house.surprises(),
      highestMegabytes: memory.highest(),
      heldMs: new Map(
        [...house.links].map(([name, link]) => [
          name,
          link.swallowed().map((one) => heldBy(name.replace(/ (up)?link$/, ""), one, incidents)),
        ]),
      ),
    };
  } finally {
    memory.stop();
    await house.close();
  }
}

type Part = {
  readonly kinds: readonly FaultKind[];
  readonly impossible: readonly FaultKind[];
  readonly rounds: number;
  readonly seed: number;
};

async function endured(house: FaultHouse, { everyMs, say }: SufferWish, part: Part) {
  const faults = faultSchedule({ ...part, everyMs, targets: house.targets });
  for (const fault of faults) say(inWords(fault));
  const incidents = await runSchedule(house, faults);
  for (const { fault, from, to } of incidents) {
    const late = to - from - fault.lastsMs;
    if (late > tellingMs) say(`${inWords(fault)} took ${late} ms more to get over`);
  }
  return { faults, incidents };
}

/** Until every gateway has values and counters in the store and every device is known, as the backup has them. */
async function firstFrames(house: FaultHouse): Promise<void> {
  const areThere = async () => {
    const stored = await house.openIt();
    try {
      const devices = await stored.records.devices(stored.organisation);
      const isKnown = devices.every(({ announcement }) => announcement !== undefined);
      return isKnown && (await stored.streams()).length === house.gateways.size * 2;
    } finally {
      await stored.close();
    }
  };
  const what = "frames of every gateway in both lanes, and every device announced";
  await until(what, areThere, { timeoutMs: patienceMs });
}

/** The account once nothing is wrong with it any more; with all that is wrong when that does not come. */
async function settled(house: FaultHouse, incidents: readonly Incident[]): Promise<Account> {
  let last: Account | undefined;
  const clean = until(
    "an account without faults",
    async () => {
      last = await accountFor(house, incidents);
      return last.wrong.length === 0 && last;
    },
    { timeoutMs: patienceMs, everyMs: 1_000 },
  );
  return clean.catch((error: unknown) => last ?? { ...nothing, wrong: [String(error)] });
}

/** While ingest runs: it meets the older store and then its new name. */
async function restore({ store, peer }: FaultHouse): Promise<void> {
  await store.restore();
  peer.rewind();
  await peer.settle();
}

async function watched(
  { openIt }: FaultHouse,
  seen: ApiWatched,
  run: { readonly incidents: readonly Incident[]; readonly fastMs: number },
): Promise<JudgedApi> {
  const stored = await openIt();
  try {
    return await judgeApi(stored, seen, run);
  } finally {
    await stored.close();
  }
}

function isOfSeries(kind: FaultKind): boolean {
  return ["series", "seriesLink"].includes(kindOf(kind).place);
}

async function jumpedAll(house: FaultHouse): Promise<Jumped> {
  return jumpClock(house).catch((error: unknown): Jumped => {
    return { ahead: 0, behind: 0, wrong: [String(error)] };
  });
}

async function rollUpAll({ openIt }: FaultHouse): Promise<RolledUp> {
  const stored = await openIt();
  try {
    return await judgeRollUps(stored);
  } catch (error) {
    return { quarters: 0, wrong: [String(error)] };
  } finally {
    await stored.close();
  }
}

function inShort(what: string, account: Account): string {
  const { compared, frames, excused, unheard, gaps, wrong } = account;
  if (wrong.length > 0) return `not so that ${what}:\n${wrong.join("\n")}`;
  const given = gaps.reduce((sum, gap) => sum + gap.frames, 0);
  return `${what}: ${frames} frames, ${compared} values compared, ${given} given up, ${excused} not taken from a struck source, ${unheard} not heard`;
}

/** Without the time in which the program stood still. */
function heldBy(
  program: string,
  { from, givenUpMs }: Swallowed,
  incidents: readonly Incident[],
): number | undefined {
  if (givenUpMs === undefined) return undefined;
  const still = incidents
    .filter(({ fault }) => fault.kind.endsWith("Pause") && fault.target === program)
    .map((one) => Math.min(one.to, from + givenUpMs) - Math.max(one.from, from));
  return still.reduce((left, ms) => left - Math.max(0, ms), givenUpMs);
}
