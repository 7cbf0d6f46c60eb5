import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemWord, wordOfChrony, wordOfSystemd } from "./system-word.ts";

const tracking = (leap: string) =>
  `Reference ID    : A9FEA97B (169.254.169.123)
Stratum         : 4
System time     : 0.000001501 seconds fast of NTP time
Leap status     : ${leap}
`;

test.each([
  ["yes\n", "synced"],
  ["no\n", "unsynced"],
  ["", undefined],
  ["Failed to connect to bus", undefined],
])("systemd's %o is %o", (answer, word) => expect(wordOfSystemd(answer)).toBe(word));

test.each([
  [tracking("Normal"), "synced"],
  [tracking("Insert second"), "synced"],
  [tracking("Not synchronised"), "unsynced"],
  ["506 Cannot talk to daemon", undefined],
])("chrony's %o is %o", (answer, word) => expect(wordOfChrony(answer)).toBe(word));

describe("a machine", () => {
  const path = process.env.PATH;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sunledger-word-"));
    process.env.PATH = folder;
  });

  afterEach(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });

  /** Puts a program there that says so, by the shell alone. */
  const install = (name: string, script: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  };

  test("is believed by the word of its systemd", async () => {
    install("timedatectl", 'if [ "$*" = "show -p NTPSynchronized --value" ]; then echo no; fi');
    install("chronyc", 'echo "Leap status     : Normal"');
    expect(await systemWord()).toBe("unsynced");

    install("timedatectl", "echo yes");
    expect(await systemWord()).toBe("synced");
  });

  test("without systemd is believed by the word of its chrony", async () => {
    install("timedatectl", 'echo "System has not been booted with systemd" >&2; exit 1');
    install(
      "chronyc",
      'if [ "$*" = tracking ]; then echo "Leap status     : Not synchronised"; fi',
    );

    expect(await systemWord()).toBe("unsynced");
  });

  test("where nobody can tell, or not in time, is not known", async () => {
    expect(["unknown", "synced"]).toContain(await systemWord());
    install("timedatectl", "exec /bin/sleep 60");
    const begun = performance.now();
    expect(["unknown", "synced"]).toContain(await systemWord());
    expect(performance.now() - begun).toBeLessThan(50_000);
  });
});
