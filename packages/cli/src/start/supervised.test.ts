import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drivenClock } from "@sunledger/runtime";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { patient } from "../../../../tests/support/patient.ts";
import { type Death, type Plan, type Supervised, supervise } from "./supervised.ts";

const file = fileURLToPath(new URL("./testing/sample-program.ts", import.meta.url));
let folder: string;
let supervised: Supervised | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-supervised-"));
});

afterEach(async () => {
  await supervised?.stop();
  supervised = undefined;
  rmSync(folder, { recursive: true });
});

describe("a supervised program", () => {
  test("runs until it is stopped", async () => {
    const { program } = start("run");

    expect(await program.firstTry).toBe("started");
    expect(program.state()).toMatchObject({ state: "running", restarts: 0 });
    await program.stop();
    expect(program.state()).toMatchObject({ state: "stopped", restarts: 0 });
  });

  test("is started again after it was killed", async () => {
    const { program, clock } = start("run");
    await program.firstTry;
    const { pid } = program.state();
    process.kill(pid ?? 0, "SIGKILL");
    await vi.waitUntil(() => program.state().state === "waiting", patient);

    await clock.advance(clock.now() + 500);
    await vi.waitUntil(() => program.state().state === "running", patient);
    expect(program.state().pid).not.toBe(pid);
    expect(program.state().restarts).toBe(1);
  });

  test("waits twice as long after each death, and at most half a minute", async () => {
    const { program, clock, deaths } = start("crash");
    for (let count = 1; count <= 9; count += 1) {
      await vi.waitUntil(
        () => deaths.length === count && program.state().state === "waiting",
        patient,
      );
      await clock.advance(clock.now() + (deaths.at(-1)?.nextMs ?? 0));
    }

    const waits = deaths.map(({ nextMs }) => nextMs / 1_000);
    expect(waits.slice(0, 8)).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30]);
  });

  test("is started again soon when it had lived for a minute", async () => {
    const { program, clock, deaths } = start("run");
    for (const nextMs of [500, 1_000]) {
      await vi.waitUntil(() => program.state().state === "running", patient);
      process.kill(program.state().pid ?? 0, "SIGKILL");
      await vi.waitUntil(() => program.state().state === "waiting", patient);
      await clock.advance(clock.now() + nextMs);
    }
    await vi.waitUntil(() => program.state().state === "running", patient);
    await clock.advance(clock.now() + 60_000);
    process.kill(program.state().pid ?? 0, "SIGKILL");
    await vi.waitUntil(() => program.state().state === "waiting", patient);

    expect(deaths.map(({ nextMs }) => nextMs)).toEqual([500, 1_000, 500]);
  });

  test("says why it died, from its log", async () => {
    const { program } = start("crash");

    expect(await program.firstTry).toEqual({
      how: "exit code 3",
      lastWords: "Error: no sun",
      nextMs: 500,
    });
  });

  test("has no last words where only a run before it had some", async () => {
    writeFileSync(join(folder, "sample.log"), "Error: an old one\n");
    const { program, deaths } = start("run");
    await program.firstTry;
    process.kill(program.state().pid ?? 0, "SIGKILL");
    await vi.waitUntil(() => deaths.length === 1, patient);

    expect(deaths).toEqual([{ how: "signal SIGKILL", nextMs: 500 }]);
  });

  test.each(["SIGKILL", "SIGTERM"] as const)(
    "ended by %s from outside has no word on it in its log, whatever it wrote before",
    async (signal) => {
      const { program, deaths } = start("complain");
      await program.firstTry;
      process.kill(program.state().pid ?? 0, signal);
      await vi.waitUntil(() => deaths.length === 1, patient);

      expect(deaths).toEqual([{ how: `signal ${signal}`, nextMs: 500 }]);
    },
  );

  test("has no last words when it ended without a failure", async () => {
    const { program } = start("leave");

    expect(await program.firstTry).toEqual({ how: "exit code 0", nextMs: 500 });
  });

  test("says why it ended itself by a signal", async () => {
    const { program } = start("abort");

    expect(await program.firstTry).toEqual({
      how: "signal SIGABRT",
      lastWords: "Error: no sun",
      nextMs: 500,
    });
  });

  test("that ends by itself is not run again once its work is done", async () => {
    const { program } = start("finish", { once: true });
    await program.ended;

    expect(program.state()).toEqual({ name: "sample", state: "done", restarts: 0 });
  });

  test("is started anew at once when asked to, without a death", async () => {
    const { program, deaths } = start("run");
    await program.firstTry;
    const { pid } = program.state();
    program.restart();
    await vi.waitUntil(
      () => program.state().pid !== pid && program.state().state === "running",
      patient,
    );

    expect(deaths).toEqual([]);
  });
});

function start(
  manner: "run" | "crash" | "complain" | "leave" | "abort" | "finish",
  more: Partial<Plan> = {},
) {
  const clock = drivenClock(0);
  const deaths: Death[] = [];
  const plan = { name: "sample", file, args: [manner], env: {}, ...more };
  const program = supervise(plan, {
    clock,
    logFile: join(folder, "sample.log"),
    onChange: () => {},
    onDeath: (_name, death) => deaths.push(death),
  });
  supervised = program;
  return { program, clock, deaths };
}
