import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { hasNotify, notifyPeer } from "../support/notify-peer.ts";
import { startProgram } from "../support/pipe.ts";
import { until } from "../support/until.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Its device and its broker are not there: that is no standstill, and no reason for a new start. */
test.runIf(hasNotify || process.env.CI === "true")(
  "a gateway tells systemd that it is ready, that it polls and that it stops",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "sunledger-watchdog-"));
    closing.push(() => rmSync(folder, { recursive: true }));
    const peer = await notifyPeer();
    closing.push(() => peer.close());
    const config = join(folder, "gateway.yaml");
    writeFileSync(
      config,
      "id: watched-gw\ndevices: [{ tag: INV-01, url: 'tcp://127.0.0.1:1', profile: sunspec }]\n",
    );

    const gateway = await startProgram("gateway/src/main.ts", {
      SUNLEDGER_GATEWAY_CONFIG: config,
      SUNLEDGER_MQTT_URL: "mqtt://127.0.0.1:1",
      SUNLEDGER_GATEWAY_SECRET: "secret",
      SUNLEDGER_OUTBOX_DIR: join(folder, "outbox"),
      NOTIFY_SOCKET: peer.socket,
      WATCHDOG_USEC: "1500000",
    });
    closing.push(() => gateway.stop());
    await until("signs of life", () => peer.states.length >= 4);
    expect(peer.states.slice(0, 4)).toEqual(["READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]);

    expect(await gateway.stop()).toBe(0);
    expect(peer.states.at(-1)).toBe("STOPPING=1");
  },
);
