import { once } from "node:events";
import type { Clock } from "@sunledger/runtime";
import { PlainError } from "../plain-error.ts";
import { httpAddress } from "./addresses.ts";
import { type HouseParts, house } from "./house.ts";
import { progress } from "./progress.ts";
import { welcome } from "./welcome.ts";

/** Within this time a second signal is an echo of the first: of npm, or of a shell's process group. */
const echoMs = 500;
const graceMs = 15_000;

/** Starts a house, keeps it until it is asked to stop, and stops it. */
export async function runHouse(parts: Omit<HouseParts, "progress" | "signal">): Promise<void> {
  const steps = progress(parts.clock);
  const stopping = new AbortController();
  const whole = house({ ...parts, progress: steps, signal: stopping.signal });
  onRequest(parts.clock, {
    first(reason) {
      steps.say(`Stopping (${reason}); once more ends it at once.`);
      setTimeout(endNow, graceMs).unref();
      stopping.abort(new PlainError("Stopped before it was ready."));
    },
    again: () => endNow(),
  });
  const endNow = () => {
    whole.kill();
    process.exit(1);
  };

  try {
    steps.say("Starting Sunledger");
    const started = await whole.start();
    const address = httpAddress(parts.settings);
    for (const line of welcome({ ...started, address, elapsed: steps.elapsed() })) steps.say(line);
    if (!stopping.signal.aborted) await once(stopping.signal, "abort");
    await whole.stop();
    steps.say("Stopped.");
  } finally {
    partFromParent();
  }
}

type Requests = { readonly first: (reason: string) => void; readonly again: () => void };

/** Hears what asks this process to stop: Ctrl-C, a signal, the end of the process that started it. */
function onRequest(clock: Clock, { first, again }: Requests): void {
  let asked: number | undefined;
  const ask = (reason: string) => {
    if (asked === undefined) {
      asked = clock.now();
      first(reason);
    } else if (clock.now() - asked > echoMs) again();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => ask(signal === "SIGINT" ? "Ctrl-C" : signal));
  }
  process.once("disconnect", () => ask("the process that started it is gone"));
}

/** Lets go of the process that started this one, without taking it for its end. */
function partFromParent(): void {
  process.removeAllListeners("disconnect");
  if (process.connected) process.disconnect();
}
