import { until } from "../support/until.ts";
import { type Account, accountFor } from "./account.ts";
import { type FaultHouse, openFaultHouse } from "./fault-house.ts";
import { allKinds, type FaultKind, kindOf } from "./fault-kinds.ts";
import { type Fault, faultSchedule, inWords } from "./fault-schedule.ts";
import type { BrokerKind } from "./kept-broker.ts";
import { type Incident, runSchedule } from "./run-schedule.ts";
import { mayMount } from "./small-disk.ts";
import { watchMemory } from "./watch-memory.ts";

export type SufferWish = {
  readonly broker: BrokerKind;
  readonly seed: number;
  /** Each round has every kind of fault once. */
  readonly rounds: number;
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
  readonly surprises: readonly string[];
  readonly highestMegabytes: Readonly<Record<string, number>>;
  readonly slopesMegabytesAnHour: Readonly<Record<string, number>>;
  /** How long swallowed connections were held on to, by link, milliseconds; absent: until the end. */
  readonly heldMs: ReadonlyMap<string, readonly (number | undefined)[]>;
};

/** A frame that is on its way may need a reconnect after half a minute and a resend. */
const patienceMs = 150_000;

/** Of what could not be accounted for at all. */
const nothing: Omit<Account, "wrong"> = { compared: 0, frames: 0, excused: 0, givenUp: 0 };

/** Lets a house of its own go through a schedule of faults, and says what became of its frames. */
export async function suffer(wish: SufferWish): Promise<Suffered> {
  const { say, seed } = wish;
  const canMount = mayMount();
  if (!canMount) say("no disk is filled up: this account may not mount one");
  const { fastMs = 1_000 } = wish;
  const house = await openFaultHouse(wish.broker, { mount: canMount, fastMs });
  const memory = watchMemory(house.processes);
  try {
    await firstFrames(house);
    await house.store.backUp();
    const faults = faultSchedule({
      ...{ seed, rounds: wish.rounds, everyMs: wish.everyMs, targets: house.targets },
      kinds: allKinds.filter((kind) => isWanted(kind, { canMount, long: wish.long })),
    });
    say(`faults on ${wish.broker}, seed ${seed}:`);
    for (const fault of faults) say(inWords(fault));

    const incidents = await runSchedule(house, faults);
    say("all faults are over");
    await house.peer.settle();
    const account = await settled(house, incidents);
    say(inShort("the ledger equals the store", account));

    await restore(house);
    const restored = await settled(house, incidents);
    say(inShort("and after a backup was restored", restored));
    return {
      ...{ faults, incidents, account, restored, surprises: house.surprises() },
      highestMegabytes: memory.highest(),
      slopesMegabytesAnHour: memory.slopes(),
      heldMs: new Map(
        [...house.links].map(([name, link]) => [
          name,
          link.swallowed().map(({ givenUpMs }) => givenUpMs),
        ]),
      ),
    };
  } finally {
    memory.stop();
    await house.close();
  }
}

function isWanted(
  kind: FaultKind,
  { canMount, long }: { readonly canMount: boolean; readonly long: boolean },
): boolean {
  return (kind !== "diskFull" || canMount) && (long || kindOf(kind).isLong !== true);
}

/** Until every gateway has values and counters in the store and every device is known, as the backup has them. */
async function firstFrames(house: FaultHouse): Promise<void> {
  await until("frames of every gateway in both lanes, and every device announced", async () => {
    const stored = await house.openIt();
    try {
      const devices = await stored.records.devices(stored.organisation);
      const isKnown = devices.every(({ announcement }) => announcement !== undefined);
      return isKnown && (await stored.streams()).length === house.gateways.size * 2;
    } finally {
      await stored.close();
    }
  });
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

/** As the operations have it: ingest is started again once the restored store has its new name. */
async function restore({ store, ingest, peer }: FaultHouse): Promise<void> {
  await ingest.kill();
  await store.restore();
  await ingest.start();
  peer.rewind();
  await peer.settle();
}

function inShort(what: string, { compared, frames, excused, givenUp, wrong }: Account): string {
  if (wrong.length > 0) return `not so that ${what}:\n${wrong.join("\n")}`;
  return `${what}: ${frames} frames, ${compared} values compared, ${givenUp} given up, ${excused} not taken from a struck source`;
}
