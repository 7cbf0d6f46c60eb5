import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Lane } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seed, thorough } from "../../../tests/support/thoroughness.ts";
import { randomFrom } from "../modbus/testing/random-modbus.ts";
import type { Polled } from "../polling/polled.ts";
import { lanes } from "./lane-state.ts";
import { openOutbox } from "./outbox.ts";
import { frameOfNumber, numberOfFrame } from "./testing/frame-of-number.ts";

const kills = thorough(200, 15);
const keeper = fileURLToPath(new URL("./testing/keeps-until-killed.ts", import.meta.url));
/** Numbers of one life never meet those of another. */
const lifetime = 1_000_000;
const log = pino({ level: "silent" });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-kills-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("an outbox whose gateway is killed again and again", () => {
  const name = `goes on after ${kills} kills in the middle of writing, without a hole (D-1)`;
  test(name, { timeout: thorough(1_200_000, 180_000) }, async () => {
    const random = randomFrom(seed);
    const known = { counters: 0, values: 0 };
    const seen = { confirmed: 0, kept: 0 };
    const epochs = new Set<string>();

    for (let life = 1; life <= kills; life += 1) {
      // Each fourth one hardly gets to open the file, whose journal has to be taken up then.
      const isEarly = life % 4 === 0;
      const confirmed = await keepUntilKilled(life, {
        from: isEarly ? "opening" : "writing",
        afterMs: isEarly ? random(61) : 20 + random(181),
      });

      const what = `life ${life} of seed ${seed}`;
      const { epoch, numbers } = await addedSince(known, what);
      epochs.add(epoch);
      // What is there is what came first in that life, each once: only its end may be missing.
      expect(numbers, what).toEqual(numbers.map((_, i) => life * lifetime + i));
      expect(numbers.slice(0, confirmed.length), what).toEqual(confirmed);
      seen.confirmed += confirmed.length;
      seen.kept += numbers.length;
    }

    expect(epochs.size).toBe(1);
    expect(seen.confirmed).toBeGreaterThan(kills * 20);
    const db = new DatabaseSync(join(folder, "outbox.db"));
    expect(db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    expect(db.prepare("SELECT count(*) AS n FROM frames").get()).toEqual({ n: seen.kept });
    db.close();
  });
});

/**
 * Opens the outbox and moves `known` on to its last sequences. What came in between is without a hole,
 * and every frame is the one that was taken, to the last value; answers their numbers in order.
 */
async function addedSince(known: Record<Lane, number>, what: string) {
  const outbox = await openOutbox({ folder, clock: drivenClock(0), log });
  const { epoch, lanes: states } = outbox.state();
  const numbers: number[] = [];
  for (const lane of lanes) {
    const first = known[lane] + 1;
    const kept = await outbox.read(lane, [[first, states[lane].last]]);
    const frames = kept.map(({ frame }) => frame).sort((a, b) => a.sequence - b.sequence);
    const sequences = frames.map(({ sequence }) => sequence);
    expect(sequences, what).toEqual(frames.map((_, i) => first + i));
    expect(sequences.at(-1) ?? known[lane], what).toBe(states[lane].last);
    known[lane] = states[lane].last;

    const taken = frames.map((frame) => frameOfNumber(numberOfFrame(frame)));
    expect(
      frames.map((frame) => contentOf({ ...frame, lane })),
      what,
    ).toEqual(taken.map(contentOf));
    numbers.push(...frames.map(numberOfFrame));
  }
  await outbox.close();
  return { epoch, numbers: numbers.sort((a, b) => a - b) };
}

function contentOf({ device, lane, at, values, quality }: Omit<Polled, "points" | "noted">) {
  return { device, lane, at, values, quality };
}

/** Lets a process write until it is killed, so long after that stage; answers the numbers it confirmed. */
async function keepUntilKilled(
  life: number,
  { from, afterMs }: { readonly from: "opening" | "writing"; readonly afterMs: number },
): Promise<number[]> {
  const child = fork(keeper, [folder, String(life * lifetime)], { stdio: "ignore" });
  const confirmed: number[] = [];
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the keeper ended by itself with ${code}`)));
    child.on("message", (message: "opening" | "started" | readonly number[]) => {
      if (Array.isArray(message)) confirmed.push(...message);
      if (Array.isArray(message) ? from === "writing" : message === from) resolve();
    });
  });
  await wait(afterMs);
  child.kill("SIGKILL");
  await ended;
  return confirmed;
}
