import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDataFolder, unmakeFolder } from "./data-folder.ts";

test("a folder that cannot be made is refused in one sentence that says what to do", () => {
  const base = mkdtempSync(join(tmpdir(), "sunledger-folder-"));
  writeFileSync(join(base, "file"), "");

  expect(() => openDataFolder(join(base, "file", "data"))).toThrow(
    /^Cannot write in the data folder .*file\/data \(a file is in its way\): .*SUNLEDGER_DATA_DIR\.$/,
  );
  rmSync(base, { recursive: true });
});

test.runIf(process.platform === "linux")("so is one below /proc, where nothing can be made", () => {
  expect(() => openDataFolder("/proc/sunledger/data")).toThrow(
    /^Cannot write in the data folder \/proc\/sunledger\/data \(it cannot be made there\): /,
  );
});

test.runIf(process.platform !== "win32")(
  "what is made is for nobody else to write in, whatever the shell's mask",
  () => {
    const base = mkdtempSync(join(tmpdir(), "sunledger-folder-"));
    onTestFinished(() => rmSync(base, { recursive: true }));
    const program = `
      process.umask(0);
      const { openDataFolder } = await import(${JSON.stringify(import.meta.resolve("./data-folder.ts"))});
      openDataFolder(${JSON.stringify(join(base, "above", "data"))});
    `;
    execFileSync(process.execPath, ["--input-type=module", "--eval", program]);

    const made = readdirSync(base, { recursive: true, encoding: "utf8" });
    expect(made).toContain(join("above", "data", "outboxes"));
    expect(made.filter((path) => statSync(join(base, path)).mode & 0o022)).toEqual([]);
  },
);

test("a folder that was made can be taken away again, with those above it that nobody uses", () => {
  const base = mkdtempSync(join(tmpdir(), "sunledger-folder-"));
  const path = join(base, "used", "unused", "data");
  const unmake = unmakeFolder(path);
  openDataFolder(path);
  writeFileSync(join(base, "used", "by-others"), "");
  unmake();
  expect([existsSync(join(base, "used", "unused")), existsSync(join(base, "used"))]).toEqual([
    false,
    true,
  ]);

  const unmakeOld = unmakeFolder(base);
  unmakeOld();
  expect(existsSync(join(base, "used", "by-others"))).toBe(true);
  rmSync(base, { recursive: true });
});
