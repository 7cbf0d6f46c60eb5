import type { Block, BlockRules, Span } from "./blocks.ts";
import { fitsOneBlock, joinBlocks } from "./blocks.ts";
import type { RefusedPoints } from "./refusals.ts";
import type { RegisterPoint } from "./register-point.ts";

/** The requests that bring a device's points. */
export type ReadPlan = {
  readonly blocks: readonly Block<RegisterPoint>[];
  readonly far: readonly RegisterPoint[];
  /** Whether it can be learnt that a point is missing. */
  readonly hasOptional: boolean;
};

const wholePlans = new WeakMap<readonly RegisterPoint[], Map<string, ReadPlan>>();

/** The same plan for all devices that have all of the same points: a thousand of them would fill the memory. */
export function wholePlan(points: readonly RegisterPoint[], rules: BlockRules): ReadPlan {
  const known = wholePlans.get(points) ?? new Map<string, ReadPlan>();
  wholePlans.set(points, known);
  const key = JSON.stringify(rules);
  const plan = known.get(key) ?? planOf(points, rules);
  known.set(key, plan);
  return plan;
}

/** What was learnt of a device. */
export type Learnt = {
  /** The device's own, and what it refuses as barriers. */
  readonly rules: BlockRules;
  readonly refused: Pick<RefusedPoints, "has">;
};

export function planOf(
  points: readonly RegisterPoint[],
  rules: BlockRules,
  learnt: Learnt = { rules, refused: new Set() },
): ReadPlan {
  const { near, far } = sorted(points, rules, learnt);
  const hasOptional = points.some(({ optional }) => optional);
  return { blocks: joinBlocks(near, learnt.rules), far, hasOptional };
}

function sorted(
  points: readonly RegisterPoint[],
  rules: BlockRules,
  learnt: Learnt,
): { near: Span<RegisterPoint>[]; far: RegisterPoint[] } {
  const near: Span<RegisterPoint>[] = [];
  const far: RegisterPoint[] = [];
  for (const point of points) {
    const isRefused = learnt.refused.has(point);
    const own = ownSpan(point, learnt);
    const { kind = point.kind, address: scale = own.start } = point.scaleRegister ?? {};
    const span = { ...own, start: Math.min(own.start, scale), end: Math.max(own.end, scale + 1) };
    // What is refused is asked for alone, as if nothing were learnt: it is a barrier itself.
    const isNear =
      !point.scaleRegister ||
      (kind === point.kind && fitsOneBlock(span, kind, isRefused ? rules : learnt.rules));
    if (isNear) near.push(span);
    else far.push(point);
  }
  return { near, far };
}

/** The value's own registers. What is refused is asked for alone. */
export function ownSpan(
  point: RegisterPoint,
  { refused }: Pick<Learnt, "refused">,
): Span<RegisterPoint> {
  const { kind, address, size } = point;
  const readAlone = point.readAlone || refused.has(point);
  return { kind, start: address, end: address + size, readAlone, of: point };
}

export function registersOf({ kind, address, size }: RegisterPoint) {
  return { kind, start: address, end: address + size };
}
