import { randomFrom } from "../../gateway/src/modbus/testing/random-modbus.ts";
import type { FailpointName } from "../../ingest/src/failpoint.ts";
import type { ChaosProxy, Way } from "../support/chaos-proxy.ts";
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

/** Within so long a failpoint is passed or a cut is reached. */
const reachedWithinMs = 30_000;

const strikes: Readonly<Record<FaultKind, Strike>> = {
  brokerKill: ({ broker }) => downAndUp(broker),
  ingestKill: ({ ingest }) => downAndUp(ingest),
  ingestBeforeCommit: failsAt("ingest.beforeCommit"),
  ingestAfterCommit: failsAt("ingest.afterCommit"),
  ingestAfterAck: failsAt("ingest.afterAck"),
  storeStop: ({ store }) => downAndUp({ kill: store.crash, start: store.start }),
  gatewayKill: ({ gateways }, { target }) => downAndUp(known(gateways, target)),
  async diskFull({ disks }, { target }) {
    const disk = known(disks, target);
    disk.fill();
    return async () => disk.clear();
  },

  uplinkCut: onLink((link) => link.refuse()),
  uplinkHalfOpen: onLink((link) => link.halfOpen()),
  uplinkLatency: onLink((link, latencyMs) => link.slow({ latencyMs })),
  uplinkSlow: onLink((link, bitsPerSecond) => link.slow({ bitsPerSecond })),
  uplinkMidFrame: midFrame("toServer"),

  ingestLinkCut: onLink((link) => link.refuse()),
  ingestLinkHalfOpen: onLink((link) => link.halfOpen()),
  ingestLinkLatency: onLink((link, latencyMs) => link.slow({ latencyMs })),
  ingestLinkSlow: onLink((link, bitsPerSecond) => link.slow({ bitsPerSecond })),
  ingestLinkMidFrame: midFrame("toClient"),

  databaseLinkCut: onLink((link) => link.refuse()),
  databaseLinkLatency: onLink((link, latencyMs) => link.slow({ latencyMs })),
  databaseLinkMidFrame: midFrame("toServer"),
  databaseLinkHalfOpen: onLink((link) => link.halfOpen()),

  fieldCut: onLink((link) => link.refuse()),
  fieldHalfOpen: onLink((link) => link.halfOpen()),
  fieldLatency: onLink((link, latencyMs) => link.slow({ latencyMs })),
  fieldSlow: onLink((link, bitsPerSecond) => link.slow({ bitsPerSecond })),
  fieldMidFrame: midFrame("toClient"),

  repeatedBatches: atOnce(({ peer }, { detail = 30, at }) => peer.repeat(detail, randomFrom(at))),
  poisonMessages: atOnce(({ peer }) => peer.poison()),
  clockJump: atOnce(({ peer }, { detail = 3_600_000 }) => peer.jump(detail)),
};

async function downAndUp(part: { kill(): Promise<void>; start(): Promise<void> }): Promise<Mend> {
  await part.kill();
  return () => part.start();
}

/** Ingest runs with a failpoint until it has killed itself there; then it runs as ever. */
function failsAt(name: FailpointName): Strike {
  return async ({ ingest }, { detail = 1 }) => {
    await ingest.kill();
    const dying = ingest.startToDie({ SUNLEDGER_FAILPOINT: `${name}:${detail}` }, reachedWithinMs);
    return async () => {
      const hasDied = await dying;
      await ingest.start();
      if (!hasDied) throw new Error(`ingest did not come to ${name}:${detail}`);
    };
  };
}

function onLink(worsen: (link: ChaosProxy, detail: number) => void): Strike {
  return async ({ links }, { target, detail = 0 }) => {
    const link = known(links, target);
    worsen(link, detail);
    return async () => link.pass();
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
