import { connect, createServer, type Socket } from "node:net";

/** A TCP link that can stop taking bytes, as a dying peer does, and be cut. */
export async function stallingProxy(targetPort: number) {
  const clients = new Set<Socket>();
  const targets = new Set<Socket>();
  let isStalled = false;
  const server = createServer((client) => {
    const target = connect(targetPort, "127.0.0.1");
    clients.add(client);
    targets.add(target);
    client.on("data", (bytes) => target.write(bytes));
    target.on("data", (bytes) => client.write(bytes));
    for (const socket of [client, target]) socket.on("error", () => {});
    client.on("close", () => {
      clients.delete(client);
      target.destroy();
    });
    target.on("close", () => {
      targets.delete(target);
      client.destroy();
    });
    if (isStalled) client.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();

  return {
    port: typeof address === "object" && address ? address.port : 0,
    /** Takes nothing more from its clients; what comes for them still goes through. */
    stall() {
      isStalled = true;
      for (const client of clients) client.pause();
    },
    /** Takes nothing more for its clients; what comes from them still goes through. */
    starve() {
      for (const target of targets) target.pause();
    },
    /** Cuts the links; new ones flow. */
    cut() {
      isStalled = false;
      for (const client of clients) client.destroy();
    },
    close() {
      for (const client of clients) client.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
