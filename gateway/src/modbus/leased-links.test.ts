import { drivenClock } from "@sunledger/runtime";
import { expect, test } from "vitest";
import { leasedLinks } from "./leased-links.ts";
import { modbusLinks } from "./links.ts";
import { registerServer } from "./testing/register-server.ts";

const quiet = () => undefined;
const log = { warn: quiet, info: quiet, debug: quiet };

const still = { connectDelayMs: 0, minRequestIntervalMs: 0 };

test("what a user binds a line to holds as long as its share does", async () => {
  const links = modbusLinks({ clock: drivenClock(0), log });
  const lease = leasedLinks(links);
  const address = { transport: "tcp", host: "127.0.0.1", port: 1 } as const;
  const [polling, testing] = [lease(), lease()];
  const link = polling.to(address);
  link.bind(still);
  testing.to(address).bind({ ...still, broadcastForbidden: true });
  expect(link.mayWrite(0)).toBe(false);

  testing.close();

  expect(link.mayWrite(0)).toBe(true);
  polling.to(address).bind({ ...still, broadcastForbidden: true });
  expect(link.mayWrite(0)).toBe(false);
  links.close();
});

test("a connection lives as long as anybody has a share in it", async () => {
  const server = await registerServer();
  const links = modbusLinks({ clock: drivenClock(0), log });
  const lease = leasedLinks(links);
  const address = { transport: "tcp", host: "127.0.0.1", port: server.port } as const;
  const { signal } = new AbortController();
  try {
    const [one, other] = [lease(), lease()];
    const link = one.to(address);
    expect(one.to(address)).toBe(link);
    await link.connect(signal);
    await other.to(address).connect(signal);
    expect(server.connections).toBe(1);

    one.close();
    one.close();
    await link.connect(signal);
    other.close();

    await expect(link.connect(signal)).rejects.toThrow("the link is closed");
    await lease().to(address).connect(signal);
    expect(server.connections).toBe(2);
  } finally {
    links.close();
    await server.close();
  }
});
