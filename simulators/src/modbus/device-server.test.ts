import { afterEach, describe, expect, test } from "vitest";
import { registerImage } from "../registers/image.ts";
import type { RegisterTable } from "../registers/register.ts";
import { modbusTestClient } from "../testing/modbus-client.ts";
import { type DeviceServerParts, serveDevice } from "./device-server.ts";

const table: RegisterTable = {
  source: "test",
  readBy: 3,
  blocks: [[100, 110]],
  mostPerRead: 125,
  rows: [{ address: 100, type: "uint16", words: 1, point: "dc.power", scale: 1, missing: 0xffff }],
};

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function served(parts: Partial<DeviceServerParts> = {}) {
  const server = await serveDevice({
    host: "127.0.0.1",
    port: 0,
    unit: 1,
    readBy: 3,
    image: () => registerImage(table, { "dc.power": 4_711 }),
    ...parts,
  });
  closing.push(() => server.close());
  const client = await modbusTestClient(server.port);
  closing.push(() => client.close());
  return { server, client };
}

describe("a device on the wire", () => {
  test("answers a read with its registers and its transaction's number", async () => {
    const { client } = await served();
    const reply = await client.read(3, 100, 2);

    expect(reply).toEqual({ transaction: 1, unit: 1, body: Buffer.from("030412670000", "hex") });
  });

  test("answers requests that come together, each from one instant", async () => {
    let power = 0;
    const { client } = await served({
      image: () => {
        power += 1;
        return registerImage(table, { "dc.power": power });
      },
    });
    const replies = await Promise.all([1, 2, 3].map(() => client.read(3, 100, 1)));

    expect(replies.map(({ body }) => body.readUInt16BE(2)).sort()).toEqual([1, 2, 3]);
  });

  test.each([
    ["an address it does not have", [3, 0, 90, 0, 1], 1, "8302"],
    ["no registers at all", [3, 0, 100, 0, 0], 1, "8303"],
    ["the other kind of register", [4, 0, 100, 0, 1], 1, "8401"],
    ["coils", [1, 0, 0, 0, 1], 1, "8101"],
    ["a write", [6, 0, 100, 0, 1], 1, "8601"],
    ["a write of many", [16, 0, 100, 0, 1, 2, 0, 5], 1, "9001"],
    ["another unit", [3, 0, 100, 0, 1], 7, "830b"],
  ])("refuses %s by its exception", async (_what, body, unit, hex) => {
    const { client } = await served();

    expect((await client.ask(body, unit)).body.toString("hex")).toBe(hex);
  });

  test("tells what was read, and not what was refused", async () => {
    const reads: unknown[] = [];
    const { client } = await served({ served: (read) => reads.push(read) });
    await client.read(3, 100, 4);
    await client.read(3, 10, 4);

    expect(reads).toEqual([{ start: 100, count: 4 }]);
  });

  test("says in a sentence that its port is taken", async () => {
    const { server } = await served();

    await expect(served({ port: server.port })).rejects.toThrow(
      `port ${server.port} on 127.0.0.1 is taken by another program`,
    );
  });

  test("outlives a client that hangs up in the middle of a request", async () => {
    const { server, client } = await served();
    const rude = await modbusTestClient(server.port);
    rude.read(3, 100, 1).catch(() => undefined);
    rude.close();

    expect((await client.read(3, 100, 1)).body.length).toBe(4);
  });
});
