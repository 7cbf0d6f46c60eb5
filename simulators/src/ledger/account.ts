import type { Flag } from "@sunledger/model";
import type { ServedValue } from "./lines.ts";
import type { Served, ServedPoints } from "./read-ledger.ts";

/** A stored value of one point. */
export type StoredValue = {
  /** The slot of its poll, Unix milliseconds. */
  readonly at: number;
  readonly value: ServedValue;
  /** What the gateway says of it; absent is good. Without a value it has to be there, and to have a reason. */
  readonly flag?: Flag | undefined;
};

/** All that is stored of one point of a device. */
export type StoredPoint = {
  readonly point: string;
  /** The interval of its polls, milliseconds. */
  readonly everyMs: number;
  /** In the order of time. */
  readonly values: readonly StoredValue[];
};

/** One place where what is stored and what was served do not agree. */
export type Finding = {
  /**
   * `missing`: served in a poll or due in it, and not stored. `twice`: one instant has two rows.
   * `invented`: stored, and nothing was served then. `changed`: another value was served. `unread`:
   * stored as without a value, though one was served in good time.
   */
  readonly what: "missing" | "twice" | "invented" | "changed" | "unread";
  readonly point: string;
  readonly at: number;
  readonly stored?: ServedValue;
  readonly served?: readonly ServedValue[];
};

export type Account = {
  /** How many values, good or doubted, were compared with what was served. */
  readonly compared: number;
  readonly findings: readonly Finding[];
};

/** A timer may go off so many milliseconds before its slot. */
const early = 1;
/** No gateway gives up an answer that left so soon after the slot of its poll. */
const inTimeMs = 1_000;

/**
 * Compares what is stored of a device with what it has served, of the polls whose slots come before
 * an instant: the answers of the last one may come after it. The polls of a device
 * follow one another: all that was served between the slot of one and the slot of the next belongs
 * to the first. A point of the fastest interval is asked for once in each poll; what was served of
 * it in a slot later than its poll's belongs to a poll of which nothing is stored.
 */
export function accountOf(
  device: readonly StoredPoint[],
  served: ServedPoints,
  until: number,
): Account {
  const slots = device.flatMap(({ values }) => values.map(({ at }) => at));
  const polls = [...new Set(slots)].sort((a, b) => a - b);
  const fastMs = Math.min(...device.map(({ everyMs }) => everyMs));
  const accounts = device.map((point) =>
    pointAccount(point, served.get(point.point) ?? [], { polls, fastMs, until }),
  );
  return {
    compared: accounts.reduce((sum, { compared }) => sum + compared, 0),
    findings: accounts.flatMap(({ findings }) => findings),
  };
}

type Frame = {
  /** The slots of all polls, also of those that are not judged: they say where the last one ends. */
  readonly polls: readonly number[];
  readonly fastMs: number;
  readonly until: number;
};

function pointAccount(
  { point, everyMs, values }: StoredPoint,
  answers: readonly Served[],
  { polls, fastMs, until }: Frame,
): Account {
  const findings: Finding[] = [];
  const rows = Map.groupBy(values, ({ at }) => at);
  const own = byPoll(answers, polls);
  for (const [poll, at] of polls.entries()) {
    if (at >= until) break;
    const [row, ...more] = rows.get(at) ?? [];
    if (more.length > 0) findings.push({ what: "twice", point, at });
    if (row) findings.push(...differing(point, row, own.get(poll) ?? []));
    else if (isDue(polls[poll - 1], at, everyMs)) {
      findings.push({ what: "missing", point, at });
    }
  }
  const compared = polls.filter(
    (at) => at < until && rows.get(at)?.slice(0, 1).some(isCompared),
  ).length;
  if (everyMs > fastMs) return { compared, findings };
  for (const [poll, served] of own) findings.push(...unstored(point, served, poll, everyMs));
  return { compared, findings: findings.filter(({ at }) => at < until) };
}

function differing(point: string, row: StoredValue, own: readonly Served[]): Finding[] {
  return isCompared(row) ? unserved(point, row, own) : unread(point, row, own);
}

/** A doubted value is what was served, too. */
function isCompared({ value, flag }: StoredValue): boolean {
  return flag === undefined || value !== null;
}

function unserved(point: string, { at, value }: StoredValue, own: readonly Served[]): Finding[] {
  if (own.some((answer) => isSame(answer.value, value))) return [];
  const what = own.length === 0 ? "invented" : "changed";
  return [{ what, point, at, stored: value, served: own.map((answer) => answer.value) }];
}

/** What was served again after a loss, or late, may not have been heard. */
function unread(point: string, { at }: StoredValue, own: readonly Served[]): Finding[] {
  const values = own.map((answer) => answer.value);
  const isServed = own.length > 0 && own.every((one) => one.value !== null && isInTime(one, at));
  return isServed ? [{ what: "unread", point, at, served: values }] : [];
}

function isInTime(answer: Served, slot: number): boolean {
  return answer.at - slot <= inTimeMs;
}

/** The answers by the place of the poll that they belong to; -1 holds those before the first. */
function byPoll(answers: readonly Served[], polls: readonly number[]): Map<number, Served[]> {
  const own = new Map<number, Served[]>();
  let poll = -1;
  for (const answer of answers) {
    while ((polls[poll + 1] ?? Number.POSITIVE_INFINITY) <= answer.at + early) poll += 1;
    const known = own.get(poll);
    if (known) known.push(answer);
    else own.set(poll, [answer]);
  }
  return own;
}

/** What was served in later slots than the first: of polls that have no row. */
function unstored(point: string, own: readonly Served[], poll: number, everyMs: number): Finding[] {
  const bySlot = Map.groupBy(own, ({ at }) => Math.floor((at + early) / everyMs) * everyMs);
  return [...bySlot].slice(poll < 0 ? 0 : 1).map(([at, answers]) => ({
    what: "missing",
    point,
    at,
    served: answers.map(({ value }) => value),
  }));
}

function isDue(before: number | undefined, at: number, everyMs: number): boolean {
  return before === undefined || Math.floor(at / everyMs) > Math.floor(before / everyMs);
}

/**
 * A scale factor leaves the last bits of a double open, and a register of 32 bits is the same number
 * in its shortest digits; counters are compared digit by digit.
 */
function isSame(served: ServedValue, stored: ServedValue): boolean {
  if (typeof served === "string" || typeof stored === "string") {
    return String(served) === String(stored);
  }
  if (served === null || stored === null) return served === stored;
  const single = Math.fround(served) === served && Math.fround(stored) === served;
  return single || Math.abs(served - stored) <= 1e-9 * Math.max(1, Math.abs(served));
}
