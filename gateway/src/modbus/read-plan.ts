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
  const plan = known.get(key) ?? planOf(points, rules, new Set());
  known.set(key, plan);
  return plan;
}

export function planOf(
  points: readonly RegisterPoint[],
  rules: BlockRules,
  refused: Pick<RefusedPoints, "has">,
): ReadPlan {
  const { near, far } = sorted(points, rules, refused);
  const hasOptional = points.some(({ optional }) => optional);
  return { blocks: joinBlocks(near, rules), far, hasOptional };
}

function sorted(
  points: readonly RegisterPoint[],
  rules: BlockRules,
  refused: Pick<RefusedPoints, "has">,
): { near: Span<RegisterPoint>[]; far: RegisterPoint[] } {
  const near: Span<RegisterPoint>[] = [];
  const far: RegisterPoint[] = [];
  for (const point of points) {
    const span = refused.has(point) ? { ...wholeSpan(point), readAlone: true } : wholeSpan(point);
    const isNear =
      !point.scaleRegister ||
      (point.scaleRegister.kind === point.kind &&
        (refused.has(point) || fitsOneBlock(span, point.kind, rules)));
    if (isNear) near.push(span);
    else far.push(point);
  }
  return { near, far };
}

export function ownSpan(point: RegisterPoint): Span<RegisterPoint> {
  const { kind, address, size, readAlone } = point;
  return { kind, start: address, end: address + size, readAlone, of: point };
}

/** The value's registers and those up to its scale register. */
function wholeSpan(point: RegisterPoint): Span<RegisterPoint> {
  const own = ownSpan(point);
  const scale = point.scaleRegister?.address ?? own.start;
  return { ...own, start: Math.min(own.start, scale), end: Math.max(own.end, scale + 1) };
}

export function registersOf({ kind, address, size }: RegisterPoint) {
  return { kind, start: address, end: address + size };
}

export function scaleBlocks(
  points: readonly RegisterPoint[],
  rules: BlockRules,
): Block<undefined>[] {
  const spans = new Map<string, Span<undefined>>();
  for (const { scaleRegister } of points) {
    if (!scaleRegister) continue;
    const { kind, address } = scaleRegister;
    const span = { kind, start: address, end: address + 1, readAlone: false, of: undefined };
    spans.set(`${kind} ${address}`, span);
  }
  return joinBlocks([...spans.values()], rules);
}
