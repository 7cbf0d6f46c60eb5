import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requireRoom, roomAt } from "./disk-room.ts";

test("a disk that is too small for a first start is refused with how much it takes", () => {
  expect(() => requireRoom("/data", 25_600_000)).toThrow(
    "There is too little room for a house in the data folder /data: a first start needs 200 MB and " +
      "its disk has 25 MB left. Make room, or choose another folder with SUNLEDGER_DATA_DIR.",
  );
  expect(() => requireRoom("/data", 200_000_000)).not.toThrow();
});

test("the room of a folder that is to be made is that of the disk it will lie on", () => {
  const { blocks, bsize } = statfsSync(tmpdir());
  const room = roomAt(join(tmpdir(), "not", "there", "yet"));

  expect(room).toBeGreaterThanOrEqual(0);
  expect(room).toBeLessThanOrEqual(blocks * bsize);
});

test("a file system without a size is not called full", () => {
  expect(roomAt("/proc/not/there")).toBe(Number.POSITIVE_INFINITY);
});
