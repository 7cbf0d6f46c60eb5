import { createServer } from "node:net";

// Below the range that the system hands out for outgoing connections.
const lowest = 12_000;
const workers = 4;
/** Test files that run side by side never choose a port that the other has not opened yet. */
const portsEach = 4_500;

/** So many consecutive ports of loopback that were free a moment ago; the first of them. */
export async function freePorts(count: number): Promise<number> {
  const worker = (Number(process.env.VITEST_POOL_ID ?? 1) - 1) % workers;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const first = lowest + worker * portsEach + Math.floor(Math.random() * (portsEach - count));
    const all = Array.from({ length: count }, (_, i) => isFree(first + i));
    if ((await Promise.all(all)).every(Boolean)) return first;
  }
  throw new Error(`no ${count} consecutive free ports found`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}
