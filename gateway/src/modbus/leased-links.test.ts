import { drivenClock } from "@sunledger/runtime";
import { expect, test } from "vitest";
import { leasedLinks } from "./leased-links.ts";
import { modbusLinks } from "./links.ts";
import { registerServer } from "./testing/register-server.ts";

const quiet = () => undefined;
const log = { warn: quiet, info: quiet, debug: quiet };

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
    expect(other.to(address)).toBe(link);

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
