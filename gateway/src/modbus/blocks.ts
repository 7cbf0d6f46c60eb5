import type { RegisterKind } from "@sunledger/model/profile";

/** Registers that one request has to bring together: a value, and its scale register if it has one. */
export type Span<T> = {
  readonly kind: RegisterKind;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly readAlone: boolean;
  readonly of: T;
};

/** One request and the spans it brings. */
export type Block<T> = {
  readonly kind: RegisterKind;
  readonly address: number;
  readonly count: number;
  readonly spans: readonly Span<T>[];
};

export type BlockRules = {
  readonly maxRegisters: number;
  /** Unwanted registers that a request may cross. */
  readonly maxGap: number;
  /** 2: start and count are even. Else: a request crosses no multiple of this. */
  readonly alignRegisters?: number;
  /** Registers that no request for others may touch. */
  readonly unreadable: readonly Barrier[];
};

/** Registers that the device refuses. */
export type Barrier = { readonly kind: RegisterKind; readonly start: number; readonly end: number };

type Extent = { readonly start: number; readonly end: number };

/**
 * Joins spans into few requests. Every span lies whole in one request; no request is longer than
 * the device allows, crosses more unwanted registers than it should, or touches unreadable ones.
 */
export function joinBlocks<T>(spans: readonly Span<T>[], rules: BlockRules): Block<T>[] {
  const sorted = [...spans].sort(
    (a, b) => order(a.kind, b.kind) || a.start - b.start || b.end - a.end,
  );
  const blocks: Block<T>[] = [];
  for (const span of sorted) {
    const last = blocks.at(-1);
    const joined = last && !span.readAlone ? joinedWith(last, span, rules) : undefined;
    if (joined) blocks[blocks.length - 1] = joined;
    else blocks.push(blockOf([span], rules));
  }
  return blocks;
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The two halves of a request of several spans, parted where the most unwanted registers lie. */
export function halvesOf<T>({ spans }: Block<T>, rules: BlockRules): [Block<T>, Block<T>] {
  const gapBefore = spans.map((span, i) =>
    i === 0 ? -1 : Math.max(0, span.start - extentOf(spans.slice(0, i)).end),
  );
  const widest = Math.max(...gapBefore);
  const place = widest > 0 ? gapBefore.indexOf(widest) : Math.ceil(spans.length / 2);
  return [blockOf(spans.slice(0, place), rules), blockOf(spans.slice(place), rules)];
}

/** Whether a request for these registers alone would be allowed. */
export function fitsOneBlock({ start, end }: Extent, kind: RegisterKind, rules: BlockRules) {
  const extent = aligned({ start, end }, kind, rules);
  return isAllowed(extent, rules) && barriersWithin(extent, kind, rules).length === 0;
}

function blockOf<T>(spans: readonly Span<T>[], rules: BlockRules): Block<T> {
  const kind = spans[0]?.kind ?? "holding";
  return { kind, ...requested(aligned(extentOf(spans), kind, rules)), spans };
}

function joinedWith<T>(block: Block<T>, span: Span<T>, rules: BlockRules): Block<T> | undefined {
  if (block.kind !== span.kind || block.spans.some(({ readAlone }) => readAlone)) return;
  const wanted = extentOf(block.spans);
  if (span.start - wanted.end > rules.maxGap) return;
  const extent = aligned(
    { start: wanted.start, end: Math.max(wanted.end, span.end) },
    span.kind,
    rules,
  );
  if (!isAllowed(extent, rules)) return;
  if (barriersWithin(extent, span.kind, rules).length > 0) return;
  return { kind: span.kind, ...requested(extent), spans: [...block.spans, span] };
}

function isAllowed({ start, end }: Extent, { maxRegisters, alignRegisters }: BlockRules): boolean {
  if (end - start > maxRegisters) return false;
  if (alignRegisters === undefined || alignRegisters === 2) return true;
  return Math.floor(start / alignRegisters) === Math.floor((end - 1) / alignRegisters);
}

/** Widened to even addresses where the device wants them, as far as it can be. */
function aligned(extent: Extent, kind: RegisterKind, rules: BlockRules): Extent {
  const { start, end } = extent;
  if (rules.alignRegisters !== 2) return { start, end };
  const wide = { start: start - (start % 2), end: Math.min(65_536, end + (end % 2)) };
  const isWider = wide.end - wide.start > end - start;
  const hitsMore =
    isWider &&
    barriersWithin(wide, kind, rules).length > barriersWithin(extent, kind, rules).length;
  return wide.end - wide.start > rules.maxRegisters || hitsMore ? { start, end } : wide;
}

function barriersWithin({ start, end }: Extent, kind: RegisterKind, { unreadable }: BlockRules) {
  return unreadable.filter(
    (barrier) => barrier.kind === kind && barrier.start < end && barrier.end > start,
  );
}

function extentOf(spans: readonly Extent[]): Extent {
  return {
    start: Math.min(...spans.map(({ start }) => start)),
    end: Math.max(...spans.map(({ end }) => end)),
  };
}

function requested({ start, end }: Extent): { address: number; count: number } {
  return { address: start, count: end - start };
}
