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

function wanted(port: number) {
  return { what: "the dashboard", host: "127.0.0.1", port, setting: "SUNLEDGER_HTTP_PORT" };
}
