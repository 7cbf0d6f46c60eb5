import type { KeptAside } from "@sunledger/store";
import { compareAllServed } from "../support/served.ts";
import type { StoredFrame, StoredHouse } from "../support/stored.ts";
import { until } from "../support/until.ts";
import type { FaultHouse } from "./fault-house.ts";
import { faultPlants } from "./fault-plants.ts";

const hour = 3_600_000;
/** By how much a clock jumps, ahead and back. */
const jumpsMs = [hour, 365 * 24 * hour];
/** So many frames of a wrong time are enough to see what becomes of them. */
const enough = 3;
const patience = { timeoutMs: 90_000, everyMs: 200 };

/** What became of a gateway's frames while its clock was wrong. */
export type Jumped = {
  /** Quarantined, as they were of the future. */
  readonly ahead: number;
  /** Stored under a time that is past, and marked. */
  readonly behind: number;
  readonly wrong: readonly string[];
};

/**
 * Sets a running gateway's clock an hour ahead, right again, an hour back and right again, then the same by a
 * year (F8): each time until the store has met frames of that time. What was taken by a wrong clock is
 * quarantined or bears the mark of it; what bears none is in its own time; another gateway does not notice (D-14).
 */
export async function jumpClock(house: FaultHouse): Promise<Jumped> {
  const [struck, spared] = faultPlants;
  const clock = struck && house.clocks.get(struck.gateway);
  if (!struck || !spared || !clock) throw new Error("the house has no gateway whose clock is set");
  const { gateway } = struck;

  const begin = Date.now();
  for (const jumpMs of jumpsMs) {
    const known = (await look(house, gateway)).future.length;
    clock.set(jumpMs);
    await met(house, gateway, "frames of the future", ({ future }) => {
      return future.length >= known + enough;
    });
    await setRight();
    clock.set(-jumpMs);
    await met(house, gateway, "frames of the past", ({ past }) => {
      const isOfThen = (at: number) => Math.abs(at + jumpMs - Date.now()) < hour / 2;
      return past.filter(({ at }) => isOfThen(at)).length >= enough;
    });
    await setRight();
  }

  const seen = await look(house, gateway);
  const { findings } = await compareAllServed(house.openIt, house.ledgerDir, {
    unanswered: house.unanswered,
  });
  const ofSpared = findings.filter(
    ({ device, at }) => device.startsWith(`${spared.code}/`) && at > begin,
  );
  return {
    ahead: seen.future.length,
    behind: seen.past.length,
    wrong: [
      ...ofSpared.map((finding) => `${spared.gateway}: ${JSON.stringify(finding)}`),
      ...seen.aside.quarantined
        .filter(({ code }) => code !== "future")
        .map((one) => `quarantined: ${JSON.stringify(one)}`),
      ...unmarked(seen.frames),
      ...(await unaccounted(house, gateway)),
    ],
  };

  async function setRight() {
    const since = Date.now();
    clock?.set(0);
    await met(house, gateway, "frames of the right time", ({ frames }) =>
      frames.some(({ at, clock }) => at > since && at < since + hour / 2 && clock === "synced"),
    );
  }
}

type Seen = {
  readonly frames: readonly StoredFrame[];
  readonly aside: KeptAside;
  readonly future: KeptAside["quarantined"];
  readonly past: readonly StoredFrame[];
};

async function met(
  house: FaultHouse,
  gateway: string,
  what: string,
  isMet: (seen: Seen) => boolean,
): Promise<void> {
  await until(`${what} of ${gateway}`, async () => isMet(await look(house, gateway)), patience);
}

async function look(house: FaultHouse, gateway: string): Promise<Seen> {
  const stored = await house.openIt();
  try {
    const frames = await stored.frames(gateway);
    const aside = await stored.store.aside(stored.organisation, gateway);
    const future = aside.quarantined.filter(({ code }) => code === "future");
    // The house is not that old: what it stored of an hour ago was taken by the wrong clock.
    const first = Math.min(...frames.filter(({ clock }) => clock === "synced").map(({ at }) => at));
    return { frames, aside, future, past: frames.filter(({ at }) => at < first - hour / 2) };
  } finally {
    await stored.close();
  }
}

/** A clock that was found wrong is put right by what an acknowledgement says, which may have been on its way. */
const correctedWithinMs = 30_000;

/**
 * Frames of a device follow each other in time as they do in number, save those that are marked; those that were
 * corrected as far as that is exact. The poll of another may have taken longer: of several they need not.
 */
function unmarked(frames: readonly StoredFrame[]): string[] {
  const trusted = frames.filter(({ clock }) => clock !== "unsynced");
  const ofDevices = Map.groupBy(trusted, ({ lane, device }) => `${lane} ${device}`);
  return [...ofDevices.values()].flatMap((own) => {
    const inOrder = own.toSorted((a, b) => a.sequence - b.sequence);
    return inOrder
      .map((frame, i) => ({ frame, before: inOrder[i - 1] ?? frame }))
      .filter(({ frame, before }) => {
        const isCorrected = [frame, before].some(({ clock }) => clock === "corrected");
        return frame.at < before.at - (isCorrected ? correctedWithinMs : 0);
      })
      .map((pair) => `not in its own time, and not marked: ${JSON.stringify(pair)}`);
  });
}

/** Each number is a frame, given up, or in quarantine (D-13). */
async function unaccounted({ openIt }: FaultHouse, gateway: string): Promise<string[]> {
  const stored: StoredHouse = await openIt();
  try {
    const streams = (await stored.streams()).filter((stream) => stream.gateway === gateway);
    return streams.flatMap((stream) => {
      const { settled, upTo, frames, givenUp, quarantined } = stream;
      const isWhole = settled === `{[1,${upTo + 1})}` && frames + givenUp + quarantined === upTo;
      return isWhole ? [] : [`stream ${JSON.stringify(stream)}`];
    });
  } finally {
    await stored.close();
  }
}
