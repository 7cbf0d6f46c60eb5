import { postgresFrameStore } from "@sunledger/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openOutboxSource } from "../support/outbox-source.ts";
import { openPipe, type Pipe, type Program } from "../support/pipe.ts";
import { thorough } from "../support/thoroughness.ts";
import { until } from "../support/until.ts";

let pipe: Pipe;
let broker: Program;

beforeAll(async () => {
  pipe = await openPipe("ingest kills", { gateways: 4, devices: 3 });
  broker = await pipe.startBroker();
});

afterAll(() => pipe?.close());

describe("every value of a gateway reaches PostgreSQL, once, and no other does", () => {
  test.each([
    ["roof-1", "ingest.beforeCommit:3"],
    ["roof-2", "ingest.afterCommit:3"],
    ["roof-3", "ingest.afterAck:3"],
  ])("%s: ingest kills itself at %s", async (gateway, failpoint) => {
    const source = await openOutboxSource(pipe, gateway);
    const doomed = await pipe.startIngest({ SUNLEDGER_FAILPOINT: failpoint });
    while (!isGone(doomed)) {
      await source.produce(10);
      await until("acks or the end", () => source.waiting() < 50 || isGone(doomed), { everyMs: 5 });
    }
    expect(doomed.process.signalCode).toBe("SIGKILL");
    await source.produce(100);

    const ingest = await pipe.startIngest();
    await source.delivered();
    expect(await source.stored()).toEqual(source.values());
    expect(await ingest.stop()).toBe(0);
    await source.close();
  });

  test("the broker and ingest are killed in turn while frames flow", async () => {
    const source = await openOutboxSource(pipe, "roof-4");
    let ingest = await pipe.startIngest();
    for (let round = 0; round < thorough(6, 1); round += 1) {
      await source.produce(300);
      await ingest.kill();
      await source.produce(300);
      ingest = await pipe.startIngest();
      await source.produce(300);
      await broker.kill();
      await source.produce(300);
      broker = await pipe.startBroker();
    }

    await source.delivered();
    expect(await source.stored()).toEqual(source.values());
    const { quarantined, conflicts, gaps } = await aside("roof-4");
    expect([quarantined, conflicts, gaps]).toEqual([[], [], []]);
    await ingest.stop();
    await source.close();
  });
});

function isGone({ process: { signalCode, exitCode } }: Program): boolean {
  return signalCode !== null || exitCode !== null;
}

function aside(gateway: string) {
  return postgresFrameStore(pipe.database.database).aside(pipe.organisation, gateway);
}
