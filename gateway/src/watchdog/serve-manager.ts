import type { Scope } from "@sunledger/runtime";
import { notifySystemd } from "./notify-systemd.ts";

export type ManagerParts = {
  /** Where the service manager listens. */
  readonly socket: string;
  /** Within how long it wants to hear that all is well, if at all: milliseconds. */
  readonly watchdogMs?: number | undefined;
  /** What stands still, so much time after it was asked last. */
  readonly stalled: (elapsedMs: number) => readonly string[];
};

/** Of the manager's patience, so that two signs in a row may be late. */
const share = 1 / 3;

/**
 * Tells a service manager that the program has started, for as long as nothing stands still that it
 * goes on, and that it stops. A manager that does not hear of it in time starts the program anew.
 */
export async function serveManager(
  { socket, watchdogMs, stalled }: ManagerParts,
  scope: Pick<Scope, "log" | "onStop">,
): Promise<void> {
  const tell = (state: string) =>
    notifySystemd(socket, state).catch((err: unknown) =>
      scope.log.warn({ state, err }, "service manager not told"),
    );
  await tell("READY=1");
  scope.onStop("service manager", () => tell("STOPPING=1"));
  if (watchdogMs === undefined) return;

  const everyMs = watchdogMs * share;
  const check = () => {
    const devices = stalled(everyMs);
    if (devices.length === 0) return void tell("WATCHDOG=1");
    scope.log.error({ devices }, "polling stands still");
  };
  const timer = setInterval(check, everyMs);
  scope.onStop("watchdog", () => clearInterval(timer));
}
