import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { roomAt } from "./room-at.ts";

test("the room of a folder that is to be made is that of the disk it will lie on", () => {
  const { blocks, bsize } = statfsSync(tmpdir());
  const room = roomAt(join(tmpdir(), "not", "there", "yet"));

  expect(room).toBeGreaterThanOrEqual(0);
  expect(room).toBeLessThanOrEqual(blocks * bsize);
});

test("a file system without a size is not called full", () => {
  expect(roomAt("/proc/not/there")).toBe(Number.POSITIVE_INFINITY);
});
