import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { SeriesEngine, SeriesFrame } from "../series/series-engine.ts";
import { openInfluxEngine } from "./influx-engine.ts";

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

test.each([401, 403, 404])("no frame is to blame for an answer of %d (D-8)", async (status) => {
  const { engine } = await influx({ write: () => status });

  await expect(writing(engine, [1])).rejects.toMatchObject({ code: "SERIES_REFUSED" });
});

test("a line is blamed that is not taken while others are (D-6)", async () => {
  const { engine } = await influx({ write: (body) => (body.includes("~sequence=2i") ? 400 : 204) });

  await writing(engine, [1, 3]);
  await expect(writing(engine, [2])).rejects.toMatchObject({ code: "SERIES_LINE" });
});

test("a store that takes no line at all blames none (D-8)", async () => {
  const { engine } = await influx({ write: () => 422 });

  await expect(writing(engine, [1])).rejects.toMatchObject({ code: "SERIES_REFUSED" });
});

test("what is too much at once for a proxy on the way goes in parts", async () => {
  const taken: string[] = [];
  const { engine } = await influx({
    write: (body) => {
      const lines = body.split("\n");
      if (lines.length > 2) return 413;
      taken.push(...lines);
      return 204;
    },
  });

  await writing(engine, [1, 2, 3, 4, 5]);

  expect(taken.map((line) => /~sequence=(\d)/.exec(line)?.[1])).toEqual(["1", "2", "3", "4", "5"]);
});

test("InfluxDB 3 is given no frame that its tables have no columns for", async () => {
  const [two, three] = [await influx({}), await influx({ version: "3.0.3" })];
  const wide = (points: number) => ({ ...frame(1), values: new Array<number>(points).fill(1) });

  expect([two, three].map(({ engine }) => engine.holds(wide(247)))).toEqual([true, false]);
  expect(three.engine.holds(wide(246))).toBe(true);
});

test.each([
  [[{ type: "expire", everySeconds: 2_592_000 }], /drops what is older than 30 days/],
  [[{ type: "expire", everySeconds: 0 }], undefined],
  [[], undefined],
])("a bucket of InfluxDB 2 must keep everything: %j", async (retentionRules, refusal) => {
  const opening = influx({ buckets: [{ name: "sun", retentionRules }] });

  if (refusal) await expect(opening).rejects.toThrow(refusal);
  else await opening;
});

type Played = {
  readonly version?: string;
  readonly write?: (body: string) => number;
  readonly buckets?: readonly unknown[];
};

/** A server that answers as InfluxDB does. */
async function influx(played: Played) {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = new URL(request.url ?? "", "http://any").pathname;
      const [status, answer] = answerOf(played, path, Buffer.concat(chunks).toString());
      const headers = { "content-type": "application/json" };
      response.setHeader("x-influxdb-version", played.version ?? "2.7.11");
      response.writeHead(status, headers).end(status === 204 ? undefined : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push({
    close: () => new Promise((resolve) => void server.close(resolve).closeAllConnections()),
  });
  const { port } = server.address() as AddressInfo;
  const engine = await openInfluxEngine(`influxdb+http://token@127.0.0.1:${port}/sun?org=solar`);
  opened.push(engine);
  return { engine };
}

function answerOf(
  { write = () => 204, buckets }: Played,
  path: string,
  body: string,
): readonly [status: number, answer: unknown] {
  if (path === "/ping") return [204, undefined];
  if (path === "/query") return [200, { results: [{ statement_id: 0 }] }];
  if (path === "/api/v2/write") return [write(body), { message: "no" }];
  return path === "/api/v2/buckets" && buckets ? [200, { buckets }] : [404, {}];
}

function writing(engine: SeriesEngine, sequences: readonly number[]): Promise<void> {
  return engine.write(sequences.map(frame), () => ["dc.power"]);
}

function frame(sequence: number): SeriesFrame {
  return {
    ...{ organisation: randomUUID(), device: randomUUID(), layout: "00000000000000a1" },
    ...{ at: Date.UTC(2026, 5, 21), clock: "synced", sequence, stream: 1, values: [sequence] },
  };
}
