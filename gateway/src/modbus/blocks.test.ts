import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BlockRules, halvesOf, joinBlocks, type Span } from "./blocks.ts";

const rules: BlockRules = { maxRegisters: 50, maxGap: 8, unreadable: [] };

describe("joining registers into requests (gateway traits 3, 4)", () => {
  test("neighbours and small gaps become one request", () => {
    expect(requests([span(100, 2), span(102, 2), span(110, 1)])).toEqual([[100, 11]]);
  });

  test("a gap wider than allowed parts them", () => {
    expect(requests([span(100, 2), span(111, 1)])).toEqual([
      [100, 2],
      [111, 1],
    ]);
  });

  test("no request is longer than the device allows", () => {
    const spans = Array.from({ length: 30 }, (_, i) => span(i * 2, 2));

    expect(requests(spans)).toEqual([
      [0, 50],
      [50, 10],
    ]);
  });

  test("unreadable registers are never crossed", () => {
    const unreadable = [{ kind: "holding" as const, start: 103, end: 104 }];

    expect(requests([span(100, 2), span(106, 1)], { unreadable })).toEqual([
      [100, 2],
      [106, 1],
    ]);
  });

  test("tables are read apart", () => {
    const input: Span<string> = { ...span(102, 2), kind: "input" };

    expect(joinBlocks([span(100, 2), input], rules)).toHaveLength(2);
  });

  test("a register that wants to be read alone is", () => {
    const alone = { ...span(102, 1), readAlone: true };

    expect(requests([span(100, 2), alone, span(103, 2)])).toEqual([
      [100, 2],
      [102, 1],
      [103, 2],
    ]);
  });

  test("devices with even addresses get even requests", () => {
    expect(requests([span(101, 2)], { alignRegisters: 2 })).toEqual([[100, 4]]);
  });

  test("no request crosses a multiple where the device forbids it", () => {
    expect(requests([span(120, 5), span(125, 5)], { alignRegisters: 125 })).toEqual([
      [120, 5],
      [125, 5],
    ]);
  });

  test("halves part where the widest gap is", () => {
    const [block] = joinBlocks([span(0, 2), span(2, 2), span(9, 2)], rules);
    if (!block) throw new Error("no block");

    expect(halvesOf(block, rules).map(({ address, count }) => [address, count])).toEqual([
      [0, 4],
      [9, 2],
    ]);
  });

  test("every value lies whole in one request, within every limit", () => {
    fc.assert(
      fc.property(anySpans, anyRules, (spans, given) => {
        const blocks = joinBlocks(spans, given);
        const brought = blocks.flatMap(({ spans }) => spans);

        expect(new Set(brought)).toEqual(new Set(spans));
        expect(brought).toHaveLength(spans.length);
        for (const block of blocks) {
          const end = block.address + block.count;
          for (const part of block.spans) {
            expect(part.kind).toBe(block.kind);
            expect(part.start).toBeGreaterThanOrEqual(block.address);
            expect(part.end).toBeLessThanOrEqual(end);
          }
          expect(block.count).toBeLessThanOrEqual(given.maxRegisters);
          if (block.spans.length > 1) expectJoinedWell(block, given);
        }
      }),
    );
  });

  test("halves hold what the whole held", () => {
    fc.assert(
      fc.property(anySpans, anyRules, (spans, given) => {
        for (const block of joinBlocks(spans, given).filter(({ spans }) => spans.length > 1)) {
          const halves = halvesOf(block, given);

          expect(halves.flatMap(({ spans }) => spans)).toEqual(block.spans);
          for (const { spans } of halves) expect(spans.length).toBeGreaterThan(0);
        }
      }),
    );
  });
});

function expectJoinedWell(block: ReturnType<typeof joinBlocks>[number], given: BlockRules) {
  const end = block.address + block.count;
  const crossed = given.unreadable.filter(
    (barrier) => barrier.kind === block.kind && barrier.start < end && barrier.end > block.address,
  );
  expect(crossed).toEqual([]);
  expect(block.spans.every(({ readAlone }) => !readAlone)).toBe(true);
  const covered = new Set(
    block.spans.flatMap(({ start, end }) =>
      Array.from({ length: end - start }, (_, i) => start + i),
    ),
  );
  let gap = 0;
  for (let at = block.address; at < end; at += 1) {
    gap = covered.has(at) ? 0 : gap + 1;
    // Widening to even addresses may add one register at either end.
    expect(gap).toBeLessThanOrEqual(Math.max(given.maxGap, given.alignRegisters === 2 ? 1 : 0));
  }
  const { alignRegisters } = given;
  if (alignRegisters !== undefined && alignRegisters !== 2) {
    expect(Math.floor(block.address / alignRegisters)).toBe(Math.floor((end - 1) / alignRegisters));
  }
}

const anySpans = fc.array(
  fc
    .record({
      kind: fc.constantFrom("holding" as const, "input" as const),
      start: fc.integer({ min: 0, max: 300 }),
      size: fc.integer({ min: 1, max: 8 }),
      readAlone: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    })
    .map(({ kind, start, size, readAlone }) => ({
      kind,
      start,
      end: start + size,
      readAlone,
      of: `${kind} ${start}`,
    })),
  { maxLength: 60 },
);

const anyRules: fc.Arbitrary<BlockRules> = fc
  .record({
    maxRegisters: fc.integer({ min: 8, max: 125 }),
    maxGap: fc.integer({ min: 0, max: 30 }),
    align: fc.constantFrom(undefined, 2, 50, 125),
    unreadable: fc.array(
      fc
        .record({
          kind: fc.constantFrom("holding" as const, "input" as const),
          start: fc.integer({ min: 0, max: 300 }),
          length: fc.integer({ min: 1, max: 10 }),
        })
        .map(({ kind, start, length }) => ({ kind, start, end: start + length })),
      { maxLength: 4 },
    ),
  })
  .map(({ align, ...given }) =>
    align === undefined ? given : { ...given, alignRegisters: align },
  );

function span(start: number, size: number): Span<string> {
  return { kind: "holding", start, end: start + size, readAlone: false, of: String(start) };
}

function requests(spans: readonly Span<string>[], more: Partial<BlockRules> = {}) {
  return joinBlocks(spans, { ...rules, ...more }).map(({ address, count }) => [address, count]);
}
