import { createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { freePort, requirePorts } from "./ports.ts";

let other: Server | undefined;

afterEach(() => {
  other?.close();
});

test("free ports are no reason to refuse", async () => {
  const port = await freePort();

  await expect(requirePorts([wanted(port)])).resolves.toBeUndefined();
});

test("a busy port is named with the setting that moves it", async () => {
  const port = await freePort();
  other = createServer();
  await new Promise<void>((resolve) => other?.listen(port, "127.0.0.1", resolve));

  await expect(requirePorts([wanted(port)])).rejects.toThrow(
    `Port ${port} on 127.0.0.1, wanted for the dashboard, is in use by another program: ` +
      "stop that program or choose another with SUNLEDGER_HTTP_PORT.",
  );
});

test("a port that is wanted twice, or that no machine has, is named", async () => {
  const port = await freePort();
  const clash = requirePorts([
    wanted(port),
    { ...wanted(port), what: "the broker" },
    wanted(65_536),
  ]);

  await expect(clash).rejects.toThrow(
    `Port ${port} on 127.0.0.1, wanted for the broker, is wanted for the dashboard too: choose another with SUNLEDGER_HTTP_PORT.`,
  );
  await expect(clash).rejects.toThrow(
    "Port 65536 on 127.0.0.1, wanted for the dashboard, does not exist",
  );
});

test.each([
  ["192.0.2.1", "is no address of this machine"],
  ["nowhere.invalid", "cannot be "],
])("of a host that cannot be had, %s, the host is named and no port", async (host, why) => {
  const port = await freePort();
  const ports = [port, port + 1].map((one) => ({ ...wanted(one), host }));
  const { message } = await requirePorts(ports).then(
    () => new Error("it was taken"),
    (error: Error) => error,
  );

  expect(message).toContain(`The host ${host}, wanted for the dashboard, ${why}`);
  expect(message).toMatch(/: choose another with SUNLEDGER_HTTP_HOST\.$/);
  expect(message.split("\n")).toHaveLength(1);
});

test("a range of busy ports is one sentence", async () => {
  const port = await freePort();
  const beyond = [0, 1, 2].map((number) => ({ ...wanted(65_536 + number), what: "a device" }));
  const busy = requirePorts([wanted(port), ...beyond]);

  await expect(busy).rejects.toThrow(
    /^3 ports from 65536 to 65538 on 127\.0\.0\.1, wanted for a device each, do not exist: choose others with SUNLEDGER_HTTP_PORT\.$/,
  );
});

function wanted(port: number) {
  return { what: "the dashboard", host: "127.0.0.1", port, setting: "SUNLEDGER_HTTP_PORT" };
}
