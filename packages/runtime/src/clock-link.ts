import { randomUUID } from "node:crypto";
import { connect } from "mqtt";
import * as z from "zod";
import { brokerConnection } from "./broker-connection.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type DrivenClock, drivenClock } from "./driven-clock.ts";
import { sendAtOnce } from "./send-at-once.ts";
import type { Scope } from "./service.ts";

/** The setting every program has: whose time it lives by. */
export const ClockMode = z.enum(["system", "driven"]).default("system");

export type ClockSettings = {
  readonly mode: z.infer<typeof ClockMode>;
  readonly mqttUrl: string;
  /** The program's user at the broker; also the name under which it answers ticks. */
  readonly user: string;
  readonly secret: string;
};

const clockTopic = "sunledger/v1/_clock";
const Tick = z.object({
  v: z.literal(1),
  /** Whose tick it is: each driver counts its own, and an answer may come late to another's ear. */
  driver: z.string(),
  tick: z.int().nonnegative(),
  at: z.int(),
});
const Answer = Tick.omit({ at: true }).extend({
  /** When the program has something to do next, as far as it knows by then. */
  next: z.int().optional(),
});

/**
 * The program's clock: the system's, or one that follows the ticks of a driver. A driven one is
 * returned once the first tick, which is retained, has told it the time; each tick is answered on
 * `_clock/{user}` when everything due by then is done.
 */
export async function openClock(
  scope: Scope,
  { mode, mqttUrl, user, secret }: ClockSettings,
): Promise<Clock> {
  if (mode === "system") return systemClock();

  const options = { clientId: `${user}~clock`, username: user, password: secret };
  const connection = brokerConnection({ url: mqttUrl, options, log: scope.log });
  const { client } = connection;
  scope.onStop("clock", () => connection.end());

  const clock = await new Promise<DrivenClock>((resolve, reject) => {
    let driven: DrivenClock | undefined;
    const follow = follower(async (tick, isLate) => {
      driven ??= drivenClock(tick.at);
      await (isLate ? driven.skip(tick.at) : driven.advance(tick.at));
      const next = driven.nextDue();
      const answer: z.infer<typeof Answer> = {
        ...{ v: 1, driver: tick.driver, tick: tick.tick },
        ...(next !== undefined && { next: Math.floor(next) }),
      };
      client.publish(`${clockTopic}/${user}`, JSON.stringify(answer), { qos: 1 });
      resolve(driven);
    });
    client.on("message", (_topic, payload) => {
      const tick = readAs(Tick, payload);
      if (tick) follow(tick);
      else scope.log.warn("a tick that cannot be read");
    });
    client.on("connect", () => {
      client.subscribe(clockTopic, { qos: 1 }, (error) => error && reject(error));
    });
    scope.signal.addEventListener("abort", () => reject(new Error("stopped before a first tick")));
    connection.begin();
  });
  return clock;
}

type Tick = z.infer<typeof Tick>;

/**
 * Serves ticks one after the other. One before which others went by unserved, be it that they came
 * while another was served or that the broker had dropped this program meanwhile, is of a time in
 * which the driver went on without it: it is late.
 */
function follower(serve: (tick: Tick, isLate: boolean) => Promise<void>): (tick: Tick) => void {
  let last: Tick | undefined;
  let next: Tick | undefined;
  let isLate = false;
  let isServing = false;
  const run = async () => {
    isServing = true;
    while (next) {
      // What has piled up while the process stood still comes in one go.
      await new Promise((resolve) => setImmediate(resolve));
      const [tick, late] = [next, isLate];
      next = undefined;
      isLate = false;
      await serve(tick, late);
    }
    isServing = false;
  };
  return (tick) => {
    // The broker hands over its newest anew whenever this program comes back to it.
    if (!isSame(tick, last)) isLate ||= next !== undefined || hasMissed(last, tick);
    last = next = tick;
    if (!isServing) void run();
  };
}

function isSame(tick: Tick, other: Tick | undefined): boolean {
  return tick.driver === other?.driver && tick.tick === other.tick;
}

/** Whether ticks went by between two; of a driver that is new to the program, since its first. */
function hasMissed(last: Tick | undefined, tick: Tick): boolean {
  if (!last) return false;
  return tick.tick > (tick.driver === last.driver ? last.tick : 0) + 1;
}

/** `undefined` for what is not such a message. */
function readAs<T>(schema: z.ZodType<T>, payload: Uint8Array): T | undefined {
  try {
    return schema.parse(JSON.parse(Buffer.from(payload).toString()));
  } catch {
    return undefined;
  }
}

/** How long a broker that keeps a tick may take to hand it over. */
const handOverMs = 2_000;

/**
 * What time a driven house has come to, Unix milliseconds: its newest tick, which the broker keeps.
 * `undefined` when no driver has given one yet; throws when the broker cannot be asked.
 */
export async function lastTick(
  { mqttUrl, user, secret }: Omit<ClockSettings, "mode">,
  patienceMs = handOverMs,
): Promise<number | undefined> {
  const client = connect(mqttUrl, {
    clientId: `${user}~look`,
    username: user,
    password: secret,
    reconnectPeriod: 0,
    connectTimeout: patienceMs,
    manualConnect: true,
  });
  const tick = Promise.withResolvers<number | undefined>();
  const timer = setTimeout(() => tick.resolve(undefined), patienceMs);
  client.on("message", (_topic, payload) => tick.resolve(readAs(Tick, payload)?.at));
  client.on("error", tick.reject);
  client.on("connect", () => {
    client.subscribe(clockTopic, { qos: 1 }, (error) => error && tick.reject(error));
  });
  try {
    client.connect();
    return await tick.promise;
  } finally {
    clearTimeout(timer);
    await client.endAsync(true);
  }
}

export type Driver = {
  /** Lets the time pass to `at` in every program named, and resolves when each has answered. */
  tick(at: number): Promise<void>;
  /**
   * The first instant at which one of such programs has something to do, as they have told with their answers, those
   * left behind apart; `undefined` while one of them has told nothing.
   */
  nextDue(of: readonly string[]): number | undefined;
  close(): Promise<void>;
};

export type DriverOptions = {
  /** Real time that a program may take to answer a tick. */
  readonly patienceMs?: number;
  /** The same of one that has answered none yet, for it may be starting; absent: no longer. */
  readonly firstAnswerMs?: number;
  /**
   * Programs that are left behind when they do not answer, until they answer again; any other that
   * does not is an error that names it.
   */
  readonly mayStayBehind?: readonly string[];
  readonly onBehind?: (program: string) => void;
  readonly onBack?: (program: string) => void;
};

/** The hand on the driven clock. `programs` are the users whose answers are waited for. */
export async function openDriver(
  settings: { readonly mqttUrl: string; readonly secret: string; readonly user?: string },
  programs: readonly string[],
  options: DriverOptions = {},
): Promise<Driver> {
  const { patienceMs = 30_000, firstAnswerMs = 0, mayStayBehind = [], onBehind, onBack } = options;
  const user = settings.user ?? "_driver";
  const driver = randomUUID();
  const client = connect(settings.mqttUrl, {
    clientId: user,
    username: user,
    password: settings.secret,
    manualConnect: true,
  });
  sendAtOnce(client);
  const answers = new Map<string, number>();
  /** When each has something to do next. */
  const dues = new Map<string, number | undefined>();
  /** Those left behind, and at which tick. */
  const behind = new Map<string, number>();
  let heard = () => {};
  client.on("message", (topic, payload) => {
    const answer = readAs(Answer, payload);
    if (answer?.driver !== driver) return;
    const program = topic.slice(clockTopic.length + 1);
    answers.set(program, answer.tick);
    dues.set(program, answer.next);
    if (answer.tick > (behind.get(program) ?? Number.POSITIVE_INFINITY)) {
      behind.delete(program);
      onBack?.(program);
    }
    heard();
  });
  await new Promise<void>((resolve, reject) => {
    client.once("connect", () => resolve());
    client.once("error", reject);
    client.connect();
  });
  await client.subscribeAsync(`${clockTopic}/+`, { qos: 1 });

  let number = 0;
  let leave = () => {};
  return {
    async tick(at) {
      number += 1;
      const tick = number;
      const missing = () =>
        programs.filter((program) => !behind.has(program) && (answers.get(program) ?? 0) < tick);
      const waiting = Promise.withResolvers<void>();
      const fail = (why: string) =>
        waiting.reject(new Error(`${why} to the tick of ${new Date(at).toISOString()}`));
      const giveUp = (silent: readonly string[]) => {
        for (const program of silent.filter((name) => mayStayBehind.includes(name))) {
          behind.set(program, tick);
          onBehind?.(program);
        }
        const needed = silent.filter((name) => !mayStayBehind.includes(name));
        if (needed.length > 0) fail(`no answer from ${needed.join(", ")}`);
        else heard();
      };
      const timers = [
        setTimeout(() => giveUp(missing().filter((name) => answers.has(name))), patienceMs),
        setTimeout(() => giveUp(missing()), Math.max(patienceMs, firstAnswerMs)),
      ];
      leave = () => fail("the driver left before the answers");
      heard = () => {
        if (missing().length === 0) waiting.resolve();
      };
      try {
        const message = JSON.stringify({ v: 1, driver, tick, at });
        const sent = client.publishAsync(clockTopic, message, { qos: 1, retain: true });
        await Promise.all([sent.then(heard), waiting.promise]);
      } finally {
        for (const timer of timers) clearTimeout(timer);
      }
    },

    nextDue(of) {
      const known = of.filter((program) => !behind.has(program)).map((one) => dues.get(one));
      const told = known.filter((due) => due !== undefined);
      return told.length > 0 && told.length === known.length ? Math.min(...told) : undefined;
    },

    close() {
      leave();
      return client.endAsync();
    },
  };
}
