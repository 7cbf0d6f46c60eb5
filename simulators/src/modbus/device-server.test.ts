import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { registerImage } from "../registers/image.ts";
import type { RegisterTable } from "../registers/register.ts";
import { modbusTestClient } from "../testing/modbus-client.ts";
import { type DeviceServerParts, type ServedUnit, serveDevice } from "./device-server.ts";

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

async function served({
  port = 0,
  patienceMs,
  silent,
  ...unit
}: Partial<DeviceServerParts & ServedUnit> = {}) {
  const own: ServedUnit = {
    readBy: new Set([3]),
    image: () => registerImage(table, { "dc.power": 4_711 }),
    ...unit,
  };
  const server = await serveDevice({
    ...{ host: "127.0.0.1", port, units: new Map([[1, own]]) },
    ...(patienceMs !== undefined && { patienceMs }),
    ...(silent && { silent }),
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
    ["more registers than a request may ask for", [3, 0, 100, 0, 200], 1, "8303"],
    ["a write that breaks off", [16, 0, 100, 0, 9, 18, 0], 1, "9003"],
    ["the other kind of register", [4, 0, 100, 0, 1], 1, "8401"],
    ["coils", [1, 0, 0, 0, 1], 1, "8101"],
    ["a write", [6, 0, 100, 0, 1], 1, "8601"],
    ["a write of many", [16, 0, 100, 0, 1, 2, 0, 5], 1, "9001"],
    ["a function that nobody has", [0x41, 1, 2, 3], 1, "c101"],
    ["a report of its id", [17], 1, "9101"],
    ["an encapsulated transport", [43, 14, 1, 0], 1, "ab01"],
    ["a read without a count", [3, 0, 100], 1, "8303"],
    ["a read with too much behind it", [3, 0, 100, 0, 1, 0], 1, "8303"],
    ["another unit", [3, 0, 100, 0, 1], 7, "830b"],
  ])("refuses %s by its exception", async (_what, body, unit, hex) => {
    const { client } = await served();

    expect((await client.ask(body, unit)).body.toString("hex")).toBe(hex);
  });

  test("tells what was read, and not what was refused", async () => {
    const reads: unknown[] = [];
    const { client } = await served({ served: (read) => () => void reads.push(read) });
    await client.read(3, 100, 4);
    await client.read(3, 10, 4);

    expect(reads).toEqual([{ readBy: 3, start: 100, count: 4 }]);
  });

  test("says in a sentence that its port is taken", async () => {
    const { server } = await served();

    await expect(served({ port: server.port })).rejects.toThrow(
      `port ${server.port} on 127.0.0.1 is taken by another program`,
    );
  });

  test("goes on behind requests that it refused, and cuts those that come in one piece apart", async () => {
    const { client } = await served();
    const replies = await Promise.all([
      client.ask([0x41]),
      client.ask([3, 0]),
      client.read(3, 100, 1),
    ]);

    expect(replies.map(({ body }) => body.toString("hex"))).toEqual(["c101", "8303", "03021267"]);
  });

  test.each([
    ["another protocol", "000100010006010300640001"],
    ["a length that cannot be", "000100000000010300640001"],
    ["a length beyond the longest", "0001000000ff010300640001"],
    ["words of another language", Buffer.from("GET / HTTP/1.1\r\n\r\n").toString("hex")],
    ["a request that breaks off", "00010000000601030064"],
  ])("hangs up on %s, and serves others", async (_what, hex) => {
    const { server, client } = await served({ patienceMs: 50 });
    const socket = connect(server.port, "127.0.0.1");
    const closed = once(socket, "close");
    socket.resume().write(Buffer.from(hex, "hex"));
    await closed;

    expect((await client.read(3, 100, 1)).body.length).toBe(4);
  });

  test("waits for the rest of a request that comes in pieces", async () => {
    const { server } = await served();
    const socket = connect(server.port, "127.0.0.1");
    const answer = once(socket, "data");
    for (const piece of ["0001", "00000006", "0103", "00640001"]) {
      socket.write(Buffer.from(piece, "hex"));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const [bytes] = await answer;
    socket.destroy();

    expect(bytes.toString("hex")).toBe("0001000000050103021267");
  });

  test("outlives a client that hangs up in the middle of a request", async () => {
    const { server, client } = await served();
    const rude = await modbusTestClient(server.port);
    rude.read(3, 100, 1).catch(() => undefined);
    rude.close();

    expect((await client.read(3, 100, 1)).body.length).toBe(4);
  });
});
