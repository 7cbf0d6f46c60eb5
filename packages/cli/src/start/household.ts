import { join } from "node:path";
import type { Clock } from "@sunledger/runtime";
import type { DataFolder } from "./data-folder.ts";
import { boundLog } from "./log-file.ts";
import { type RunningHouse, writeRunningHouse } from "./running-house.ts";
import { type Death, type Plan, type Supervised, supervise } from "./supervised.ts";
import { unlessFull } from "./unless-full.ts";
import { watchSources } from "./watch-sources.ts";

export type Household = {
  /** Starts programs together; resolves when each has started or died once, with who died. */
  launch(plans: readonly Plan[]): Promise<readonly string[]>;
  /** Whether the program did its work, once it has ended for good. */
  done(name: string): Promise<boolean>;
  /** Resolves when all, or those named, have started, or `patienceMs` later with who has not. */
  allStarted(patienceMs: number, only?: readonly string[]): Promise<readonly string[]>;
  declareReady(): void;
  /** Writes the state down anew: one of the others has changed. */
  changed(): void;
  /** Starts a program anew when its sources change. */
  watch(signal: AbortSignal): void;
  /** Stops them, the last started first. */
  stop(): Promise<void>;
  kill(): void;
};

type Parts = {
  readonly clock: Clock;
  readonly folder: DataFolder;
  readonly about: Omit<RunningHouse, "ready" | "readyAt" | "programs">;
  /** Programs of the house that look after themselves, such as the database. */
  readonly others: () => RunningHouse["programs"];
  readonly onDeath: (name: string, death: Death, logFile: string) => void;
};

/** How often the programs' logs are looked at: none grows far beyond its bound in that time. */
const boundEveryMs = 10_000;

/** The programs of a house: each kept alive by itself, so that the loss of one never stops another. */
export function household({ clock, folder, about, others, onDeath }: Parts): Household {
  const waves: { plan: Plan; supervised: Supervised }[][] = [];
  let readyAt: number | undefined;
  const logOf = ({ name }: Plan) => join(folder.logs, `${name}.log`);
  const stopping = new AbortController();
  /** Whether the state on disk is the present one. */
  let isWritten = true;
  const boundLogs = async () => {
    while (!stopping.signal.aborted) {
      await clock.wait(boundEveryMs, stopping.signal);
      for (const { plan } of all()) boundLog(logOf(plan));
      if (!isWritten) write();
    }
  };
  const all = () => waves.flat();
  const write = () => {
    const programs = [...others(), ...all().map(({ supervised }) => supervised.state())];
    const ready = readyAt === undefined ? { ready: false } : { ready: true, readyAt };
    isWritten = unlessFull(() => writeRunningHouse(folder, { ...about, ...ready, programs }));
  };
  const waiting = () =>
    all()
      .map(({ supervised }) => supervised.state())
      .filter(({ state }) => state === "starting" || state === "waiting")
      .map(({ name }) => name);

  void boundLogs();

  return {
    async launch(plans) {
      const wave: (typeof waves)[number] = [];
      waves.push(wave);
      for (const plan of plans) {
        const logFile = logOf(plan);
        const told = (name: string, death: Death) => onDeath(name, death, logFile);
        const parts = { clock, logFile, onChange: write, onDeath: told };
        wave.push({ plan, supervised: supervise(plan, parts) });
      }
      write();
      const tries = wave.map(async ({ plan, supervised }) => {
        const isDead = !plan.once && (await supervised.firstTry) !== "started";
        return isDead ? [plan.name] : [];
      });
      return (await Promise.all(tries)).flat();
    },

    async done(name) {
      const program = all().find(({ plan }) => plan.name === name)?.supervised;
      await program?.ended;
      return program?.state().state === "done";
    },

    async allStarted(patienceMs, only) {
      const step = 100;
      const mattering = () =>
        waiting()
          .filter((name) => only?.includes(name) ?? true)
          .filter((name) => !all().find(({ plan }) => plan.name === name)?.plan.once);
      for (let waited = 0; waited < patienceMs && mattering().length > 0; waited += step) {
        await clock.wait(step);
      }
      return mattering();
    },

    declareReady() {
      readyAt = clock.now();
      write();
    },

    changed: write,

    watch(signal) {
      watchSources(all(), signal);
    },

    async stop() {
      stopping.abort();
      for (const wave of waves.toReversed()) {
        await Promise.all(wave.map(({ supervised }) => supervised.stop()));
      }
    },

    kill() {
      for (const { supervised } of all()) supervised.kill();
    },
  };
}
