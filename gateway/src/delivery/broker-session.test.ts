import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openBrokerSession } from "./broker-session.ts";

const connack = Buffer.from([0x20, 2, 0, 0]);
const suback = Buffer.from([0x90, 5, 0, 0, 0, 1, 1]);

let server: Server;
const sockets = new Set<Socket>();
let answers: Buffer[];

beforeEach(async () => {
  sockets.clear();
  answers = [connack, suback];
  server = createServer(fallSilent);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

describe("a session with a broker that falls silent", () => {
  test("is left before long, though a message was never acknowledged", async () => {
    const session = await sessionHere();
    const published = session.publish("a", "b", { qos: 1 }).catch((error: Error) => error.message);

    const begun = performance.now();
    await session.leave();

    expect(performance.now() - begun).toBeLessThan(30_000);
    expect(session.signal.aborted).toBe(true);
    expect(await published).toBe("left");
  });

  test("is left at once when the connection ends meanwhile", async () => {
    const session = await sessionHere();
    session.publish("a", "b", { qos: 1 }).catch(() => {});
    // Its patience never ends: nothing but the connection's end lets it leave.
    const patience = vi.spyOn(AbortSignal, "timeout");
    patience.mockReturnValue(new AbortController().signal);
    const left = session.leave();
    expect(patience).toHaveBeenCalledTimes(1);
    patience.mockRestore();
    for (const socket of sockets) socket.destroy();
    await left;

    expect(session.signal.aborted).toBe(true);
  });
});

test("a refused subscription is asked for again on the same connection", async () => {
  answers = [connack, Buffer.from([0x90, 5, 0, 0, 128, 128, 128]), suback];

  const session = await sessionHere();

  expect(session.signal.aborted).toBe(false);
  expect(sockets.size).toBe(1);
  expect(answers).toEqual([]);
  session.cut();
});

function sessionHere() {
  const { port } = server.address() as AddressInfo;
  const place = { url: `mqtt://127.0.0.1:${port}`, gateway: "roof-17", secret: "secret" };
  return openBrokerSession(place, () => {}, new AbortController().signal);
}

/** Gives the answers, one a packet, and says nothing more. */
function fallSilent(socket: Socket) {
  sockets.add(socket);
  socket.on("error", () => {});
  socket.on("data", (packet) => {
    const answer = answers.shift();
    if (!answer) return;
    if (answer[0] === 0x90) packet.copy(answer, 2, 2, 4);
    socket.write(answer);
  });
}
