import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "@sunledger/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readGatewayConfig } from "./config.ts";

const profiles = new Set(["sunspec"]);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a gateway's file", () => {
  test("needs no more than its id and devices", () => {
    const config = read(`
      id: roof-17
      devices:
        - { tag: INV-01, url: "tcp://127.0.0.1:502?unit=1", profile: sunspec }
    `);

    expect(config).toMatchObject({
      id: "roof-17",
      clock: "synced",
      poll: { fastMs: 1_000, normalMs: 10_000, slowMs: 60_000 },
      linger: { idleMs: 10_000, watchedMs: 100 },
      outbox: { mostMb: 256 },
    });
  });

  test("names every problem at once, and where it is", () => {
    const problems = problemsOf(`
      id: "_roof"
      poll: { fastMs: 1 }
      pol: {}
      devices:
        - { tag: INV-01, url: "http://127.0.0.1", profile: sunspec }
        - { tag: INV-02, url: "tcp://127.0.0.1:502?unit=1", profile: sunspek }
    `);

    for (const place of ["id:", "poll.fastMs:", '"pol"', "devices[0].url:"]) {
      expect(problems).toContain(place);
    }
    expect(problems).toContain("devices[1].profile: there is no profile sunspek");
  });

  test("names a device once", () => {
    expect(
      problemsOf(`
        id: roof-17
        devices:
          - { tag: INV-01, url: "tcp://127.0.0.1:502?unit=1", profile: sunspec }
          - { tag: INV-01, url: "tcp://127.0.0.1:502?unit=2", profile: sunspec }
      `),
    ).toContain("devices[1].tag: INV-01 is named twice");
  });

  test("says so when it is no YAML, or not there", () => {
    expect(problemsOf("id: [")).toContain("gateway.yaml");
    expect(() => readGatewayConfig(join(folder, "none.yaml"), profiles)).toThrow(ConfigError);
    expect(problemsOf("")).toContain("gateway.yaml");
  });
});

function read(text: string) {
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, text);
  return readGatewayConfig(file, profiles);
}

function problemsOf(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  throw new Error("the file was taken");
}
