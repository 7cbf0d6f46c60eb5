import type { Finding, StoredPoint, StoredValue } from "../../simulators/src/ledger/account.ts";
import type { ServedPoints } from "../../simulators/src/ledger/read-ledger.ts";

/** In so many polls of a device a gateway may not hear an answer for the machine's sake, */
const mostShare = 0.05;
/** and in so many of one that was polled rarely. */
const mostTimes = 3;
/** So long behind an answer a gateway may give its request up: a time-out of three seconds, and a busy machine. */
const givenUpWithinMs = 5_000;

export type Unheard = {
  readonly told: readonly Finding[];
  /** How many values more came with an answer that the gateway did not hear. */
  readonly unheard: number;
};

/** All there is of one device. */
export type DeviceRecord = {
  readonly stored: readonly StoredPoint[];
  readonly served: ServedPoints;
  /** When the gateway gave up a request to it, Unix milliseconds. */
  readonly givenUp: readonly number[];
};

/**
 * The findings without values of answers that were not heard: on a busy machine one may wait beyond a gateway's
 * patience. The gateway itself tells that it gave the request up, and all that came with the answer is stored
 * as `failed`, or nothing of the whole poll is where nothing else was heard. A value that is lacking beside
 * others of its answer, or that the gateway did not understand, is told; so is all of a device that is unheard again
 * and again.
 */
export function withoutUnheard(device: DeviceRecord, findings: readonly Finding[]): Unheard {
  const isLost = lostAnswers(device);
  const unheard = new Set(findings.filter(isLost));
  const times = new Set([...unheard].map(({ at }) => at)).size;
  const polls = pollsOf(device.stored).length;
  if (times >= polls || times > Math.max(mostTimes, polls * mostShare)) {
    return { told: findings, unheard: 0 };
  }
  for (const { point, values } of device.stored) {
    const own = [...unheard].filter((finding) => finding.point === point);
    if (own.length >= values.length) for (const finding of own) unheard.delete(finding);
  }
  return { told: findings.filter((finding) => !unheard.has(finding)), unheard: unheard.size };
}

/** Whether nothing was heard of the answers with which a value came, as the gateway says. */
function lostAnswers({ stored, served, givenUp }: DeviceRecord) {
  const polls = pollsOf(stored);
  const rows = new Map(
    stored.map(({ point, values }) => [point, new Map(values.map((row) => [row.at, row]))]),
  );
  const answersOf = (point: string, from: number) => {
    const next = polls.find((poll) => poll > from) ?? Number.POSITIVE_INFINITY;
    // As in the account: a timer may go off a millisecond before its slot.
    const isOfPoll = (at: number) => at >= from - 1 && at < next - 1;
    return (served.get(point) ?? []).map(({ at }) => at).filter(isOfPoll);
  };
  const isGivenUp = (answer: number) =>
    givenUp.some((at) => at > answer && at <= answer + givenUpWithinMs);

  return ({ what, point, at: slot, served: values }: Finding): boolean => {
    const own = answersOf(point, slot);
    if (!own.some(isGivenUp)) return false;
    // Of a poll that was given up as a whole there is no row at all.
    if (what === "missing") return values !== undefined && !polls.includes(slot);
    if (what !== "unread") return false;
    const isHeard = (other: string) => {
      const row = rows.get(other)?.get(slot);
      if (!row || isFailed(row)) return false;
      const answers = answersOf(other, slot);
      return answers.length === 1 && answers.some((at) => own.includes(at));
    };
    const row = rows.get(point)?.get(slot);
    return row !== undefined && isFailed(row) && ![...rows.keys()].some(isHeard);
  };
}

function isFailed({ value, flag }: StoredValue): boolean {
  return value === null && flag === "failed";
}

function pollsOf(device: readonly StoredPoint[]): number[] {
  const slots = new Set(device.flatMap(({ values }) => values.map(({ at }) => at)));
  return [...slots].sort((a, b) => a - b);
}
