import type { Block, BlockRules } from "./blocks.ts";
import { halvesOf, joinBlocks } from "./blocks.ts";
import { decode, type WordAt } from "./decode.ts";
import { emptyPoints } from "./empty-points.ts";
import { isRefusal, isUnreachable, ModbusError } from "./modbus-error.ts";
import { plainValue, type Said } from "./plain-value.ts";
import {
  type Learnt,
  ownSpan,
  planOf,
  type ReadPlan,
  registersOf,
  wholePlan,
} from "./read-plan.ts";
import type { ReadSpan } from "./read-request.ts";
import { type RefusedPoints, refusals } from "./refusals.ts";
import type { RegisterPoint } from "./register-point.ts";
import { Row } from "./row.ts";
import { placeOf, type ScaleReading, type Scales, scaleReader } from "./scale-registers.ts";

export type ReadRegisters = (span: ReadSpan) => Promise<readonly number[]>;

/** Reads the points of one device in few requests, and learns what the device does not have. */
export interface PointReader {
  /**
   * What each point says. A part that fails is flagged `failed`; rejects when nothing at all was
   * answered, when all that was ever answered is refused, or the connection is gone.
   */
  read(
    points: readonly RegisterPoint[],
    readRegisters: ReadRegisters,
  ): Promise<Row<RegisterPoint, Said>>;
  /**
   * Optional points that the device refused and never answered: they are not asked for until `forget`. And
   * those that never had a value and had none for a whole day between two calls of it, counters apart: they
   * are not asked for until `tryEmpty`.
   */
  readonly missing: ReadonlySet<RegisterPoint>;
  /** Points that the profile promises, or that were answered before, and that the device refuses. */
  readonly refused: RefusedPoints;
  /** Grows with all that is learnt: while it stays, the same points are read in the same requests. */
  learnt(): number;
  /** Asks once more for what never had a value; it is missing until it has one. */
  tryEmpty(): void;
  /** The device may have changed: ask for everything again. */
  forget(): void;
}

/** After so many unanswered requests in a row at the start of a round the rest is not asked for. */
const hopeless = 2;

/** As many as there are poll classes to fall due together. */
const mostPlans = 16;

/** One round of reading. */
type Round = {
  readonly readRegisters: ReadRegisters;
  readonly decoded: Row<RegisterPoint, Said>;
  /** What was answered, until all is: words are small, and a fleet has a round of each device under way. */
  readonly raw: [Block<RegisterPoint>, readonly number[]][];
  answered: number;
  silent: number;
  failure: ModbusError | undefined;
  /** How many requests brought registers. */
  brought: number;
  /** Points that were refused, and those of them that were not yet before. */
  readonly refusals: RegisterPoint[];
  readonly newRefusals: RegisterPoint[];
};

/** `window`: how many requests of a round the device stands at once. */
export function pointReader(rules: BlockRules, window = 1): PointReader {
  const told = refusals();
  const { missing, refused } = told;
  /** Blocks whose points are known to be answered. */
  const proven = new WeakSet<Block<RegisterPoint>>();
  const empties = emptyPoints(missing);
  /** Requests that the device refuses as one and answers in parts. */
  const parts = new Map<string, readonly Block<RegisterPoint>[]>();
  const scales = scaleReader();
  let learnt = 0;
  /** What was last worked out for which points, since most rounds are like the one before. */
  const plans = new Map<readonly RegisterPoint[], { learnt: number; plan: ReadPlan }>();

  /** What has no value may still be crossed by a request. */
  const refusedOnes = () => [...missing, ...refused.keys()].filter((point) => !empties.has(point));

  const rulesNow = (): BlockRules => ({
    ...rules,
    unreadable: [...rules.unreadable, ...refusedOnes().map(registersOf)],
  });
  const learntNow = (): Learnt => ({ rules: rulesNow(), refused });

  const planFor = (points: readonly RegisterPoint[]): ReadPlan => {
    const known = plans.get(points);
    if (known?.learnt === learnt) return known.plan;
    const isWhole = missing.size === 0 && refused.size === 0;
    const left = new Set([...missing, ...told.resting()]);
    const wanted = points.filter((point) => !left.has(point) || empties.isOnTrial(point));
    const plan = isWhole ? wholePlan(points, rules) : planOf(wanted, rules, learntNow());
    if (plans.size >= mostPlans) plans.clear();
    plans.set(points, { learnt, plan });
    return plan;
  };

  const readBlock = (block: Block<RegisterPoint>, round: Round): Promise<void> => {
    const known = parts.size > 0 ? parts.get(keyOf(block)) : undefined;
    if (known) return readAll(known, round);
    return round.readRegisters(block).then(
      (words) => {
        round.answered += 1;
        round.brought += 1;
        if (refused.size > 0 || !proven.has(block)) {
          if (told.answered(block.spans.map(({ of }) => of))) learnt += 1;
          proven.add(block);
        }
        round.raw.push([block, words]);
      },
      (error: unknown) => settle(error, block, round),
    );
  };

  const settle = async (error: unknown, block: Block<RegisterPoint>, round: Round) => {
    const isRefused = isRefusal(noted(error, round));
    if (isRefused && block.spans.length > 1) return readHalves(block, round);
    const points = block.spans.map(({ of }) => of);
    if (isRefused) lose(points, round);
    else for (const point of points) round.decoded.set(point, { flag: "failed" });
  };

  /** They were refused, and not for the sake of others. */
  const lose = (points: readonly RegisterPoint[], round: Round) => {
    learnt += 1;
    for (const point of points) {
      if (!isDropped(point, round)) round.decoded.set(point, { flag: "failed" });
    }
  };

  /** Notes that a point was refused alone; whether the device may do without it. */
  const isDropped = (point: RegisterPoint, round: Round): boolean => {
    if (empties.refused(point)) return true;
    round.refusals.push(point);
    if (!refused.has(point)) round.newRefusals.push(point);
    const isMissing = told.refuse(point);
    if (isMissing) empties.drop(point);
    return isMissing;
  };

  const readHalves = async (block: Block<RegisterPoint>, round: Round) => {
    const before = missing.size + refused.size;
    const halves = halvesOf(block, rulesNow());
    await readAll(halves, round);
    const isWhole = missing.size + refused.size === before;
    if (isWhole) parts.set(keyOf(block), halves);
  };

  /** With no promise of its own where one request follows the other, as a thousand times five a second. */
  const readAll = (blocks: readonly Block<RegisterPoint>[], round: Round): Promise<void> => {
    let next = 0;
    const readNext = async (): Promise<void> => {
      for (let block = blocks[next]; block; block = blocks[next]) {
        next += 1;
        await readBlock(block, round);
      }
    };
    const atOnce = Math.min(window, blocks.length);
    if (atOnce <= 1) return readNext();
    // The round is over with the first failure; it ends when its last request has.
    const giveUp = () => {
      next = blocks.length;
    };
    return together(Array.from({ length: atOnce }, readNext), giveUp);
  };

  /**
   * Values too far from their scale register to come with it: the scale registers are read before
   * and after, and where one changed in between the value belongs to neither.
   */
  const readFar = async (far: readonly RegisterPoint[], round: Round) => {
    const without = new Set<RegisterPoint>();
    const before = await readScales(far, round, (points) => {
      for (const point of points) without.add(point);
      lose(points, round);
    });
    const there = far.filter((point) => !without.has(point));
    const now = learntNow();
    const spans = there.map((point) => ownSpan(point, now));
    await readAll(joinBlocks(spans, now.rules), round);
    const after = await readScales(there, round, () => {});
    decodeAll(round, (point) => (address) => {
      const place = placeOf(point.scaleRegister?.kind, address);
      const scale = before.get(place);
      return scale === after.get(place) ? scale : undefined;
    });
  };

  const readScales = (
    points: readonly RegisterPoint[],
    round: Round,
    onRefused: ScaleReading["onRefused"],
  ): Promise<Scales> => {
    const read: ReadRegisters = async (span) => {
      const words = await round.readRegisters(span);
      round.answered += 1;
      round.brought += 1;
      return words;
    };
    const failed = (error: unknown) => noted(error, round);
    return scales.read(points, { rules: rulesNow(), read, failed, onRefused });
  };

  /**
   * Throws what failed when nothing was answered. A device that refuses all that it ever answered, or all
   * from the start, says nothing of its points, too.
   */
  const checkFailure = ({ answered, brought, failure, refusals: all, newRefusals }: Round) => {
    if (!failure || brought > 0) return;
    if (answered === 0) throw failure;
    if (!isRefusal(failure)) return;
    if (told.hasAnswered() && !all.some(told.hasAnswered)) return;
    told.takeBack(newRefusals);
    learnt += 1;
    throw failure;
  };

  return {
    missing,
    refused,
    learnt: () => learnt,

    async read(points, readRegisters) {
      const decoded = new Row<RegisterPoint, Said>(points);
      const round: Round = {
        ...{ readRegisters, decoded, answered: 0, silent: 0, failure: undefined },
        ...{ raw: [], brought: 0, refusals: [], newRefusals: [] },
      };
      if (told.begin()) learnt += 1;
      const { blocks, far, hasOptional } = planFor(points);
      await readAll(blocks, round);
      decodeAll(round);
      if (far.length > 0) await readFar(far, round);
      checkFailure(round);
      for (const point of refused.size > 0 ? told.resting() : []) {
        if (points.includes(point)) decoded.set(point, { flag: "failed" });
      }
      if (hasOptional && empties.heard(decoded)) learnt += 1;
      return decoded;
    },

    tryEmpty() {
      if (empties.tryAgain()) learnt += 1;
    },

    forget() {
      empties.nextDay();
      learnt += 1;
      told.forget();
      parts.clear();
      scales.forget();
    },
  };
}

/** Makes values of what has come, each by its scale register in the same answer unless told where else. */
function decodeAll({ raw, decoded }: Round, scaleAtFor?: (point: RegisterPoint) => WordAt): void {
  for (const [block, words] of raw.splice(0)) {
    const wordAt: WordAt = (address) => words[address - block.address];
    for (const { of } of block.spans) {
      const value = plainValue(of)(words, of.address - block.address);
      if (value === undefined) decoded.set(of, decode(of, wordAt, scaleAtFor?.(of)));
      else decoded.set(of, value === null ? notThere : { value });
    }
  }
}

const notThere = { flag: "notImplemented" } as const;

/** Rejects as the first of them, which `failed` is told at once, when all are over. */
async function together(all: readonly Promise<void>[], failed: () => void): Promise<void> {
  try {
    await Promise.all(all);
  } catch (error) {
    failed();
    await Promise.allSettled(all);
    throw error;
  }
}

/** Counts a failure that leaves the rest of the device readable; throws any other. */
function noted(error: unknown, round: Round): ModbusError {
  if (!(error instanceof ModbusError) || isUnreachable(error)) throw error;
  round.failure = error;
  if (error.kind === "exception") round.answered += 1;
  if (error.kind === "timeout") round.silent += 1;
  if (round.answered === 0 && round.silent >= hopeless) throw error;
  return error;
}

/** By its points: a half may ask for the same registers as the whole, and so may another class's points. */
function keyOf({ kind, spans }: Block<RegisterPoint>): string {
  return `${kind} ${spans.map(({ of }) => `${of.name} ${of.address}`).join()}`;
}
