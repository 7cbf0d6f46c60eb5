import { randomFrom } from "../../gateway/src/modbus/testing/random-modbus.ts";
import type { FailpointName } from "../../ingest/src/failpoint.ts";
import type { ChaosProxy, Way } from "../support/chaos-proxy.ts";
import { familyOf } from "../support/process-usage.ts";
import type { SettableClock } from "../support/settable-clock.ts";
import { until } from "../support/until.ts";
import type { FaultHouse } from "./fault-house.ts";
import type { FaultKind } from "./fault-kinds.ts";
import type { Fault } from "./fault-schedule.ts";

/** Ends a fault: what was struck works again, or is on its way to. Throws when the fault never came about. */
export type Mend = () => Promise<void>;

/** Lets a fault begin. */
export function strike(house: FaultHouse, fault: Fault): Promise<Mend> {
  return strikes[fault.kind](house, fault);
}

type Strike = (house: FaultHouse, fault: Fault) => Promise<Mend>;

/** Within so long a cut is reached, however busy the machine is. */
const reachedWithinMs = 60_000;
/** So long a life has to come to its failpoint. */
const lifeMs = 15_000;
const mostLives = 4;

const strikes: Readonly<Record<FaultKind, Strike>> = {
  brokerKill: ({ broker }) => downAndUp(broker),
  brokerPause: ({ broker }) => pause(broker.pid()),
  ingestKill: ({ ingest }) => downAndUp(ingest),
  ingestPause: ({ ingest }) => pause(ingest.pid()),
  ingestClockAhead: ({ clocks }, { detail = 0 }) => jump(known(clocks, "ingest"), detail),
  ingestClockBack: ({ clocks }, { detail = 0 }) => jump(known(clocks, "ingest"), -detail),
  ingestAfterLayouts: failsAt("ingest.afterLayouts"),
  ingestBeforeCommit: failsAt("ingest.beforeCommit"),
  ingestAfterCommit: failsAt("ingest.afterCommit"),
  ingestAfterEvents: failsAt("ingest.afterEvents"),
  ingestAfterAck: failsAt("ingest.afterAck"),
  ingestAfterReset: failsAt("ingest.afterReset"),
  storeStop: ({ store }) => downAndUp({ kill: store.crash, start: store.start }),
  storePause: ({ store }) => pause(store.pid()),
  async storeDiskFull({ store, peer }, { at }) {
    store.disk?.fill();
    const met = store.overfill();
    met.catch(() => {}); // told in the end
    await peer.repeat(60, randomFrom(at));
    return async () => {
      try {
        await met;
      } finally {
        store.disk?.clear();
        await store.revive();
      }
    };
  },
  gatewayKill: ({ gateways }, { target }) => downAndUp(known(gateways, target)),
  gatewayMidWrite: diesAtCommit("before"),
  gatewayAfterWrite: diesAtCommit("after"),
  gatewayPause: ({ gateways }, { target }) => pause(known(gateways, target).pid()),
  async diskFull({ disks }, { target }) {
    const disk = known(disks, target);
    disk.fill();
    return async () => disk.clear();
  },

  uplinkCut: onLink((link) => link.refuse()),
  uplinkHalfOpen: halfOpen,
  uplinkLatency: onLink((link, latencyMs) => link.slow({ latencyMs })),
  uplinkSlow: onLink((link, bitsPerSecond) => link.slow({ bitsPerSecond })),
  uplinkMidFrame: midFrame("toServer"),

  ingestLinkCut: onLink((link) => link.refuse()),
  ingestLinkHalfOpen: halfOpen,
  ingestLinkLatency: onLink((link, latencyMs) => link.slow({ latencyMs })),
  ingestLinkSlow: onLink((link, bitsPerSecond) => link.slow({ bitsPerSecond })),
  ingestLinkMidFrame: midFrame("toClient"),

  databaseLinkCut: onLink((link) => link.refuse()),
  databaseLinkLatency: onLink((link, latencyMs) => link.slow({ latencyMs })),
  databaseLinkMidFrame: midFrame("toServer"),
  databaseLinkHalfOpen: halfOpen,

  brokerDatabaseCut: whileOneKnocks(onLink((link) => link.refuse())),
  brokerDatabaseLatency: whileOneKnocks(onLink((link, latencyMs) => link.slow({ latencyMs }))),
  brokerDatabaseHalfOpen: whileOneKnocks(halfOpen),

  seriesKill: ({ series }) => downAndUp(present(series)),
  seriesPause: ({ series }) => pause(series?.pid()),
  seriesLinkCut: onLink((link) => link.refuse()),
  seriesLinkHalfOpen: halfOpen,
  seriesLinkLatency: onLink((link, latencyMs) => link.slow({ latencyMs })),
  seriesLinkMidFrame: midFrame("toServer"),

  apiKill: ({ api }) => downAndUp(api.program),
  apiDatabaseCut: onLink((link) => link.refuse()),

  fieldCut: onLink((link) => link.refuse()),
  fieldHalfOpen: halfOpen,
  fieldLatency: onLink((link, latencyMs) => link.slow({ latencyMs })),
  fieldSlow: onLink((link, bitsPerSecond) => link.slow({ bitsPerSecond })),
  fieldMidFrame: midFrame("toClient"),

  repeatedBatches: atOnce(({ peer }, { detail = 30, at }) => peer.repeat(detail, randomFrom(at))),
  poisonMessages: atOnce(({ peer }) => peer.poison()),
  brokenPackets: atOnce(({ vandal }, { detail = 40, at }) => vandal.attack(detail, randomFrom(at))),
  clockJump: atOnce(({ peer }, { detail = 3_600_000 }) => peer.jump(detail)),
};

function present<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("the house has no such part");
  return part;
}

async function downAndUp(part: { kill(): Promise<void>; start(): Promise<void> }): Promise<Mend> {
  await part.kill();
  return () => part.start();
}

/** A program stands still with all its children, as over a disk that does not answer. */
async function pause(pid: number | undefined): Promise<Mend> {
  if (pid === undefined) throw new Error("it does not run");
  const all = familyOf(pid);
  for (const one of all) process.kill(one, "SIGSTOP");
  return async () => {
    for (const one of all) wake(one);
  };
}

function wake(pid: number): void {
  try {
    process.kill(pid, "SIGCONT");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/**
 * Ingest runs with a failpoint until it has killed itself there; then it runs as ever. A life that does not
 * come there soon is begun anew: some places are passed only when one begins.
 */
function failsAt(name: FailpointName): Strike {
  return async ({ ingest }, { detail = 1 }) => {
    const doom = { SUNLEDGER_FAILPOINT: `${name}:${detail}` };
    const die = async () => {
      for (let life = 0; life < mostLives; life += 1) {
        await ingest.kill();
        if (await ingest.startToDie(doom, lifeMs)) return true;
      }
      return false;
    };
    const dying = die();
    return async () => {
      const hasDied = await dying;
      await ingest.start();
      if (!hasDied) throw new Error(`ingest did not come to ${name}:${detail}`);
    };
  };
}

/** The gateway polls on until it writes: then it is gone. */
function diesAtCommit(place: "before" | "after"): Strike {
  return async ({ gateways, commits }, { target }) => {
    const gateway = known(gateways, target);
    const dying = gateway.dies(reachedWithinMs);
    known(commits, target).arm(place);
    return async () => {
      const hasDied = await dying;
      await gateway.start();
      if (!hasDied) throw new Error(`${target} did not come to a commit`);
    };
  };
}

async function jump(clock: SettableClock, aheadMs: number): Promise<Mend> {
  clock.set(aheadMs);
  return async () => clock.set(0);
}

/** The broker asks its database only for somebody it does not know; in the end it lets a good one in. */
function whileOneKnocks(strike: Strike): Strike {
  return async (house, fault) => {
    const mend = await strike(house, fault);
    const knocking = house.vandal.knock();
    knocking.catch(() => {}); // told in the end
    return async () => {
      await knocking;
      await mend();
      await house.vandal.isLetIn();
    };
  };
}

/** Lasts at least until the link has made something worse: a connection, or bytes on their way. */
function onLink(worsen: (link: ChaosProxy, detail: number) => void): Strike {
  return async ({ links }, { target, detail = 0 }) => {
    const link = known(links, target);
    const before = link.struck();
    worsen(link, detail);
    return async () => {
      const isStruck = () => link.struck() > before;
      await until(`${target} to be struck`, isStruck, { timeoutMs: reachedWithinMs, everyMs: 50 });
      link.pass();
    };
  };
}

/** Lasts at least until a connection was swallowed: one may just be broken otherwise. */
async function halfOpen({ links }: FaultHouse, { target }: Fault): Promise<Mend> {
  const link = known(links, target);
  const before = link.swallowed().length;
  link.halfOpen();
  return async () => {
    const what = `a connection of ${target} to be swallowed`;
    const isSwallowed = () => link.swallowed().length > before;
    await until(what, isSwallowed, { timeoutMs: reachedWithinMs, everyMs: 50 });
    link.pass();
  };
}

function midFrame(way: Way): Strike {
  return async ({ links }, { target, detail = 1 }) => {
    const link = known(links, target);
    link.cutAfter(detail, way);
    return async () => {
      const what = `${target} to be cut after ${detail} bytes ${way}`;
      await until(what, link.hasCut, { timeoutMs: reachedWithinMs, everyMs: 50 });
      link.pass();
    };
  };
}

function atOnce(act: (house: FaultHouse, fault: Fault) => Promise<void>): Strike {
  return async (house, fault) => {
    await act(house, fault);
    return async () => {};
  };
}

function known<T>(all: ReadonlyMap<string, T>, name: string): T {
  const found = all.get(name);
  if (found === undefined) throw new Error(`the house has no ${name}`);
  return found;
}
