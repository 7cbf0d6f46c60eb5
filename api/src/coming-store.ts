import { type Clock, ConfigError, type Scope, untilAborted } from "@sunledger/runtime";
import {
  type Audit,
  type Commands,
  type Conditions,
  type Configurations,
  type Lease,
  type Records,
  type Rollouts,
  whyAway,
} from "@sunledger/store";
import { ApiError } from "./errors.ts";
import type { KeptFrames } from "./frames/kept-frames.ts";
import type { Identity } from "./identity/identity.ts";

/** What is kept, and who may see it. */
export type Store = {
  readonly records: Records;
  readonly commands: Commands;
  readonly configurations: Configurations;
  readonly rollouts: Rollouts;
  readonly audit: Audit;
  readonly conditions: Conditions;
  /** Who of several apis hears what gateways answer. */
  readonly lease: Lease;
  readonly frames: KeptFrames;
  readonly identity: Identity;
  /** Resolves when the database answers. */
  ask(): Promise<unknown>;
};

export type ComingStore = Store & {
  /**
   * Resolves once the store is open, or the program is asked to stop. Rejects when it can never be
   * opened by these settings.
   */
  readonly opened: Promise<void>;
};

export type ComingStoreParts = {
  readonly open: () => Promise<Store>;
  /** Real time: how long to wait between attempts. */
  readonly pace: Clock;
};

const firstWaitMs = 250;
const longestWaitMs = 5_000;

/**
 * A store that may be used before it is there: as long as its database is away every call fails with
 * `store.unavailable`, and opening it is tried again, more and more rarely.
 */
export function comingStore({ open, pace }: ComingStoreParts, scope: Scope): ComingStore {
  const { log, signal } = scope;
  let store: Store | undefined;
  let why: unknown;

  const attempt = async (): Promise<boolean> => {
    try {
      store = await open();
      return true;
    } catch (error) {
      const reason = whyAway(error);
      if (reason === undefined) throw unusable(error);
      if (why === undefined) log.warn({ err: error }, "the database is away: trying again");
      why = error;
      return false;
    }
  };

  const openAtLast = async () => {
    for (let waitMs = firstWaitMs; !signal.aborted; waitMs *= 2) {
      if (await attempt()) {
        if (why !== undefined) log.info("the database is there");
        return;
      }
      await pace.wait(Math.min(waitMs, longestWaitMs), signal);
    }
  };
  const opened = Promise.race([openAtLast(), untilAborted(signal)]);
  opened.catch(() => {}); // whoever waits for it hears of it

  const away = () => {
    const reason = whyAway(why) ?? "The database has not answered yet.";
    return new ApiError("store.unavailable", reason, { cause: why });
  };

  return {
    records: standIn<Records>(() => store?.records, away),
    commands: standIn<Commands>(() => store?.commands, away),
    configurations: standIn<Configurations>(() => store?.configurations, away),
    rollouts: standIn<Rollouts>(() => store?.rollouts, away),
    audit: standIn<Audit>(() => store?.audit, away),
    conditions: standIn<Conditions>(() => store?.conditions, away),
    lease: standIn<Lease>(() => store?.lease, away),
    frames: standIn<KeptFrames>(() => store?.frames, away),
    identity: standIn<Identity>(() => store?.identity, away),
    ask: async () => {
      if (!store) throw away();
      await store.ask();
    },
    opened,
  };
}

/** What is wrong is no absence: nobody but who set it up can mend it. */
function unusable(error: unknown): Error {
  if (error instanceof ConfigError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ConfigError(
    `the database cannot be used: ${message}; check SUNLEDGER_DATABASE_URL and SUNLEDGER_TIMESERIES_URL`,
    { cause: error },
  );
}

type Asynchronous<T> = { readonly [K in keyof T]: (...args: never[]) => Promise<unknown> };

/** A port that is the real one as soon as there is one; until then each of its calls fails. */
function standIn<T extends Asynchronous<T>>(present: () => T | undefined, away: () => Error): T {
  const call = (name: string | symbol) => {
    return async (...args: readonly unknown[]): Promise<unknown> => {
      const port = present();
      if (!port) throw away();
      return Reflect.apply(Reflect.get(port, name), port, args);
    };
  };
  return new Proxy<T>({} as T, { get: (_port, name) => call(name) });
}
