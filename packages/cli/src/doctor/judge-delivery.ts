import type { GatewayStatus } from "@sunledger/model";
import { type Finding, well, wrong } from "./finding.ts";

export type Delivering = { readonly id: string; readonly status: GatewayStatus };

const minute = 60_000;
const hour = 60 * minute;
/** With less room left than this, whoever has to mend something is late. */
const leastHoldMs = hour;
/** A clock that is right is no farther from the platform's: words take time, too. */
const mostOffMs = 30_000;

/** What a gateway says of its outbox, its clock and the layouts that nobody can use (D-6, D-8, D-14). */
export function judgeDelivery({ id, status }: Delivering): Finding[] {
  if (status.state !== "online") return [];
  return [...ofOutbox(id, status), ...ofClock(id, status), ...ofLayouts(id, status)];
}

function ofOutbox(id: string, { outbox, lanes }: GatewayStatus): Finding[] {
  if (!outbox) return [];
  const what = `outbox of ${id}`;
  const waiting = Object.values(lanes ?? {}).reduce((sum, lane) => sum + lane.waiting, 0);
  const frames = waiting === 1 ? "1 frame waits" : `${waiting} frames wait`;
  const room = `${Math.round(outbox.mostBytes / 1024 / 1024)} MB`;
  const { holdMs } = outbox;
  if (holdMs === undefined) return [well(what, `${room}, ${frames}`)];
  const seen = `${room}, ${frames}; holds ${lengthOf(holdMs)} more`;
  if (holdMs >= leastHoldMs || waiting === 0) return [well(what, seen)];
  const advice =
    "let ingest and the database take frames again before it gives up the oldest, or raise outbox.mostMb";
  return [wrong(what, seen, advice)];
}

function ofClock(id: string, { clock }: GatewayStatus): Finding[] {
  if (!clock) return [];
  const what = `clock of ${id}`;
  const { state, by, offsetMs = 0 } = clock;
  const isFar = Math.abs(offsetMs) > mostOffMs;
  if (state === "synced" && !isFar) return [];
  const seen = [
    ...(state === "unsynced" ? [`not synchronised by the word of the ${by}`] : []),
    ...(isFar
      ? [`${lengthOf(Math.abs(offsetMs))} ${offsetMs > 0 ? "ahead of" : "behind"} the platform's`]
      : []),
  ].join("; ");
  return [wrong(what, seen, "let chrony or systemd-timesyncd keep the time of its machine")];
}

function ofLayouts(id: string, { refusedLayouts = {} }: GatewayStatus): Finding[] {
  return Object.entries(refusedLayouts).map(([hash, reason]) =>
    wrong(
      `layout of ${id}`,
      `${hash} cannot be used: ${reason}`,
      'mend the profile or the program, then run "sunledger quarantine replay"',
    ),
  );
}

/** A length of time in the greatest unit that it fills, one digit behind the point. */
function lengthOf(ms: number): string {
  const units: readonly [number, string][] = [
    [24 * hour, "days"],
    [hour, "hours"],
    [minute, "minutes"],
    [1_000, "seconds"],
  ];
  const [unit, name] = units.find(([unit]) => ms >= unit) ?? [1_000, "seconds"];
  return `${(ms / unit).toFixed(1)} ${name}`;
}
