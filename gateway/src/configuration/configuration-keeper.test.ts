import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GatewayStatus } from "@sunledger/model";
import { type Clock, drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mayMount, mountTmpfs, resizeTmpfs, unmount } from "../../../tests/support/small-disk.ts";
import { needsMounts } from "../../../tests/support/test-results.ts";
import { GatewayConfig } from "../config.ts";
import { loadProfiles } from "../profiles/load-profiles.ts";
import { loadSunspecModels, sunspecPointNames } from "../sunspec/models.ts";
import {
  type ConfigurationKeeper,
  configurationKeeper,
  type Site,
} from "./configuration-keeper.ts";
import { readPushed, writePushed } from "./pushed-file.ts";

const profiles = loadProfiles({ sunspec: sunspecPointNames(loadSunspecModels()) });
const start = Date.UTC(2026, 5, 1);
const trialMs = 300_000;

let time: ReturnType<typeof drivenClock>;
let setBy: number;
let folder: string;
let stopping: AbortController;
let lived: string[];
let apply: (site: Site) => Promise<void>;

beforeEach(() => {
  time = drivenClock(start);
  setBy = 0;
  folder = mkdtempSync(join(tmpdir(), "sunledger-keeper-"));
  stopping = new AbortController();
  lived = [];
  apply = async (site) => void lived.push(tagsOf(site));
});

afterEach(() => {
  stopping.abort();
  rmSync(folder, { recursive: true });
});

describe("a version on trial", () => {
  test("proves itself though a newer one is refused meanwhile; both are told", async () => {
    const keeper = opened();
    await push(keeper, 5, ["GOOD"]);
    await push(keeper, 6, ["ODD"], "no-such-profile");
    expect(keeper.state()).toMatchObject({ version: 5, pushed: { version: 6, state: "refused" } });

    await pass(20_000);
    tell(keeper);
    expect(keeper.state()).toMatchObject({ version: 5, pushed: { version: 5, state: "applied" } });
    await push(keeper, 6, ["ODD"], "no-such-profile");
    tell(keeper);
    expect(keeper.state()).toMatchObject({
      ...{ source: "platform", version: 5 },
      pushed: { version: 6, state: "refused", reasons: [expect.stringContaining("profile")] },
    });
    await pass(trialMs);
    expect(keeper.state().version).toBe(5);
    expect(lived).toEqual(["GOOD"]);
  });

  test("proves itself though one that cannot be read came meanwhile", async () => {
    const keeper = opened();
    await push(keeper, 5, ["GOOD"]);
    keeper.hear({ version: 6, document: "?" });
    await keeper.settled();
    expect(keeper.state()).toMatchObject({ version: 5, pushed: { version: 6, state: "refused" } });

    await pass(20_000);
    tell(keeper);
    await pass(trialMs);
    expect(keeper.state().version).toBe(5);
  });

  test("is refused by what it does to the gateway, not by what came while it was applied", async () => {
    const keeper = opened();
    apply = async (site) => {
      lived.push(tagsOf(site));
      if (tagsOf(site) === "BAD") throw new Error("the port is taken");
    };
    keeper.hear(message(5, ["BAD"]));
    keeper.hear({ version: 6, document: "?" });
    await keeper.settled();

    expect(lived).toEqual(["BAD", "OWN"]);
    expect(keeper.state()).toMatchObject({ source: "file", pushed: { version: 6 } });
  });

  test.each([
    ["back", -3_600_000],
    ["ahead", 3_600_000],
  ])("counts the time that passes when the clock is set %s", async (_, by) => {
    const keeper = opened();
    await push(keeper, 5, ["GOOD"]);
    setBy = by;
    await pass(10_000);
    tell(keeper);
    expect(keeper.state().pushed).toMatchObject({ version: 5, state: "trial" });
    await pass(6_000);
    tell(keeper);
    expect(keeper.state().pushed).toMatchObject({ version: 5, state: "applied" });
    await pass(trialMs);
    expect(keeper.state().version).toBe(5);
  });

  test("whose time is over while the next one is applied is not what is rolled back", async () => {
    const keeper = opened();
    await push(keeper, 5, ["OLD"]);
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    apply = async (site) => {
      lived.push(tagsOf(site));
      await held;
    };
    keeper.hear(message(6, ["NEW"]));
    await pass(trialMs + 1_000);
    goOn();
    await keeper.settled();

    expect(lived).toEqual(["OLD", "NEW"]);
    expect(keeper.state()).toMatchObject({ version: 6, pushed: { version: 6, state: "trial" } });
  });
});

describe("on a disk that takes nothing", () => {
  test("a version is refused with the reason, and what ran goes on", async () => {
    const keeper = opened();
    const free = blockedDisk();
    await push(keeper, 5, ["NEW"]);

    expect(lived).toEqual([]);
    expect(keeper.state()).toMatchObject({
      source: "file",
      pushed: { version: 5, state: "refused" },
    });
    expect(keeper.state().pushed?.reasons).toEqual([
      expect.stringMatching(/cannot be kept: EISDIR/),
    ]);
    await push(keeper, 6, null);
    expect(keeper.state().pushed).toMatchObject({ version: 6, state: "refused" });
    free();
    await push(keeper, 7, ["NEW"]);
    expect(lived).toEqual(["NEW"]);
    expect(readPushed(folder, fail).running?.version).toBe(7);
  });

  test("a version that proved nothing is rolled back all the same", async () => {
    const keeper = opened();
    await push(keeper, 5, ["NEW"]);
    blockedDisk();
    await pass(trialMs + 1_000);
    await keeper.settled();

    expect(lived).toEqual(["NEW", "OWN"]);
    expect(keeper.state()).toMatchObject({ source: "file", pushed: { state: "rolledBack" } });
  });

  test("a gateway starts with the version that was on trial", async () => {
    await push(opened(), 5, ["NEW"]);
    blockedDisk();
    expect(tagsOf(opened().site())).toBe("NEW");
  });

  test.runIf(mayMount())(`what was kept stays whole ${needsMounts}`, () => {
    mountTmpfs(folder, "1m");
    try {
      const reasons = (length: number) => Array.from({ length }, () => "x".repeat(500));
      const pushed = { version: 1, state: "refused" as const, at: start };
      writePushed(folder, { v: 1, pushed: { ...pushed, reasons: ["kept"] } });
      resizeTmpfs(folder, "16k");
      expect(() =>
        writePushed(folder, { v: 1, pushed: { ...pushed, reasons: reasons(50) } }),
      ).toThrow("ENOSPC");
      expect(readPushed(folder, fail).pushed?.reasons).toEqual(["kept"]);
      // What did not fit takes no room.
      writeFileSync(join(folder, "other"), Buffer.alloc(8_192));
      expect(readFileSync(join(folder, "other"))).toHaveLength(8_192);
    } finally {
      unmount(folder);
    }
  });
});

function opened(): ConfigurationKeeper {
  const now = () => time.now() + setBy;
  const clock: Clock = { ...time, now };
  const keeper = configurationKeeper(
    {
      ...{ folder, clock, trialMs, onChange: () => undefined },
      file: { config: GatewayConfig.parse({ id: "roof-17", devices: [device("OWN")] }), profiles },
      log: pino({ level: "silent" }),
    },
    stopping.signal,
  );
  keeper.start((site) => apply(site));
  return keeper;
}

function device(tag: string, profile = "eastron-sdm630") {
  return { tag, url: "tcp://127.0.0.1?unit=1", profile };
}

function message(version: number, tags: readonly string[] | null, profile?: string) {
  const document = tags && { devices: tags.map((tag) => device(tag, profile)) };
  return { v: 1, version, at: start, by: { id: "u1", name: "Li Wei" }, document };
}

async function push(
  keeper: ConfigurationKeeper,
  ...what: Parameters<typeof message>
): Promise<void> {
  keeper.hear(message(...what));
  await keeper.settled();
}

/** The broker takes the status as it stands. */
function tell(keeper: ConfigurationKeeper): void {
  const status = { v: 1, state: "online", at: time.now(), version: "0", devices: {} };
  keeper.told(GatewayStatus.parse({ ...status, configuration: keeper.state() }));
}

async function pass(ms: number): Promise<void> {
  await time.advance(time.now() + ms);
}

function tagsOf({ config }: Site): string {
  return config.devices.map(({ tag }) => tag).join();
}

/** Nothing can be written beside the outbox until the answer is called. */
function blockedDisk(): () => void {
  const part = join(folder, "configuration.json.part");
  mkdirSync(part);
  return () => rmSync(part, { recursive: true });
}

function fail(error: unknown): never {
  throw error;
}
