import { describe, expect, test } from "vitest";
import { oneLineLayout } from "./one-line-layout.ts";

const rooms = [
  { width: 346, height: 225 },
  { width: 362, height: 236 },
  { width: 520, height: 420 },
  { width: 760, height: 600 },
];

describe("the single-line diagram", () => {
  test.each(rooms)("fits into $width × $height with boxes for two lines of text", (room) => {
    for (const sources of [1, 2, 3, 4]) {
      const { width, height, busX, grid, load, source } = oneLineLayout(room, sources);
      const left = Array.from({ length: sources }, (_, index) => source(index));

      expect(width).toBeLessThanOrEqual(room.width);
      expect(height).toBeLessThanOrEqual(room.height);
      for (const box of [...left, grid, load]) {
        expect(box.height).toBeGreaterThanOrEqual(36);
        expect(box.width).toBeGreaterThanOrEqual(120);
        expect(box.y).toBeGreaterThanOrEqual(0);
        expect(box.y + box.height).toBeLessThanOrEqual(height);
        expect(box.x + box.width <= busX - 20 || box.x >= busX + 20).toBe(true);
      }
      for (const [index, box] of left.slice(1).entries())
        expect(box.y).toBeGreaterThan((left[index]?.y ?? 0) + (left[index]?.height ?? 0));
      // The bus has its name over the grid, and the grid its direction over the load.
      expect(grid.y).toBeGreaterThanOrEqual(40);
      expect(load.y).toBeGreaterThanOrEqual(grid.y + grid.height + 18);
    }
  });

  test("has no larger boxes where there is more room", () => {
    const boxes = rooms.slice(2).map((room) => oneLineLayout(room, 4).grid);

    expect(boxes.map(({ width, height }) => [width, height])).toEqual([
      [160, 42],
      [160, 42],
    ]);
  });
});
