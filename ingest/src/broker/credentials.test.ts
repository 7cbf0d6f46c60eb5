import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { credentials, passwordHash } from "./credentials.ts";

const serviceSecret = "the house's own secret";
const secret = Buffer.from("a gateway's random secret");

describe("credentials", () => {
  test("a gateway signs in with its own password, under its own name", async () => {
    const { check } = house({ "roof-17": secret });

    expect(await check("roof-17", "roof-17", secret)).toBe("welcome");
    expect(await check("roof-17", "roof-17", Buffer.from("wrong"))).toBe("refused");
    expect(await check("roof-18", "roof-17", secret)).toBe("refused");
    expect(await check("roof-18", "roof-18", secret)).toBe("refused");
    expect(await check("", "", Buffer.alloc(0))).toBe("refused");
  });

  test("several devices sign in as one, each by a name of its own behind it", async () => {
    const { check } = house({ "roof-17": secret });

    expect(await check("roof-17~meter-1", "roof-17", secret)).toBe("welcome");
    expect(await check("roof-17-meter-1", "roof-17", secret)).toBe("refused");
    expect(await check("roof-18~meter-1", "roof-17", secret)).toBe("refused");
  });

  test("programs sign in with the service secret; no gateway does", async () => {
    const { check } = house({ "roof-17": secret });
    const given = Buffer.from(serviceSecret);

    expect(await check("_ingest", "_ingest", given)).toBe("welcome");
    expect(await check("_ingest-3f2a", "_ingest", given)).toBe("welcome");
    expect(await check("_api~clock", "_api", given)).toBe("welcome");
    expect(await check("_api-1", "_ingest", given)).toBe("refused");
    expect(await check("_ingested", "_ingest", given)).toBe("refused");
    expect(await check("_other", "_other", given)).toBe("refused");
    expect(await check("_ingest", "_ingest", secret)).toBe("refused");
    expect(await check("roof-17", "roof-17", given)).toBe("refused");
  });

  test("a broken hash in the database opens nothing", async () => {
    const { check } = house({}, { "roof-17": "" });

    expect(await check("roof-17", "roof-17", Buffer.alloc(0))).toBe("refused");
  });

  test("a revoked password ends within 10 s; the database is asked a few times at most", async () => {
    const { check, stillHolds, clock, gateways, asked } = house({ "roof-17": secret });
    for (let i = 0; i < 50; i += 1) await check("roof-17", "roof-17", secret);
    expect(asked()).toBe(1);

    gateways.delete("roof-17");
    await clock.advance(clock.now() + 5_000);

    expect(await check("roof-17", "roof-17", secret)).toBe("refused");
    expect(await stillHolds("roof-17", passwordHash(secret))).toBe(false);
  });

  test("without the database nobody is refused for good", async () => {
    const { check, stillHolds, fail } = house({ "roof-17": secret });

    fail(true);
    expect(await check("roof-17", "roof-17", secret)).toBe("unavailable");
    expect(await stillHolds("roof-17", passwordHash(secret))).toBe(undefined);
    expect(await check("_api", "_api", Buffer.from(serviceSecret))).toBe("welcome");
    fail(false);
    expect(await check("roof-17", "roof-17", secret)).toBe("welcome");
  });

  test("a database that never answers is away", async () => {
    const clock = drivenClock(0);
    const { check } = credentials({
      gatewayEntry: () => new Promise(() => {}),
      serviceSecret,
      log: pino({ level: "silent" }),
      pace: clock,
    });

    const verdict = check("roof-17", "roof-17", secret);
    await clock.advance(10_000);
    expect(await verdict).toBe("unavailable");
  });
});

function house(passwords: Record<string, Buffer>, hashes: Record<string, string> = {}) {
  const clock = drivenClock(1_000_000);
  const gateways = new Map(Object.entries(hashes));
  for (const [id, password] of Object.entries(passwords)) gateways.set(id, passwordHash(password));
  let asked = 0;
  let failing = false;
  const parts = {
    gatewayEntry: async (id: string) => {
      asked += 1;
      if (failing) throw new Error("connection refused");
      const secretHash = gateways.get(id);
      return secretHash === undefined ? undefined : { secretHash };
    },
    serviceSecret,
    log: pino({ level: "silent" }),
    pace: clock,
  };
  const fail = (on: boolean) => {
    failing = on;
  };
  return { ...credentials(parts), clock, gateways, asked: () => asked, fail };
}
