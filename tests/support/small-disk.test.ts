import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mayMount, mountSmallDisk } from "./small-disk.ts";
import { needsMounts } from "./test-results.ts";

test.runIf(mayMount())(
  `a small disk is full to the last page, and has room again ${needsMounts}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "sunledger-small-"));
    const disk = mountSmallDisk(folder, 4);
    const file = join(folder, "file");
    const megabyte = Buffer.alloc(1024 * 1024, 1);
    try {
      writeFileSync(file, megabyte);
      disk.fill();
      expect(() => writeFileSync(file, megabyte, { flag: "a" })).toThrow("ENOSPC");
      expect(readFileSync(file).subarray(0, megabyte.length).equals(megabyte)).toBe(true);

      disk.clear();
      writeFileSync(join(folder, "other"), megabyte);
      expect(() => writeFileSync(file, Buffer.alloc(4 * megabyte.length))).toThrow("ENOSPC");
    } finally {
      disk.remove();
      rmSync(folder, { recursive: true });
    }
  },
);
