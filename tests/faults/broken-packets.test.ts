import { randomBytes } from "node:crypto";
import { topics } from "@sunledger/model";
import { connectAsync } from "mqtt";
import { afterEach, describe, expect, test } from "vitest";
import { randomFrom } from "../../gateway/src/modbus/testing/random-modbus.ts";
import { freePorts } from "../support/free-ports.ts";
import { hasMosquitto } from "../support/mosquitto.ts";
import { residentMegabytes } from "../support/process-usage.ts";
import { seed, thorough } from "../support/thoroughness.ts";
import { until } from "../support/until.ts";
import { type BrokerKind, type KeptBroker, keptAedes, keptMosquitto } from "./kept-broker.ts";
import { openVandal } from "./vandal.ts";

const streams = thorough(20_000, 100);
const mostMegabytes = 300;
const secret = randomBytes(32).toString("base64url");
const kinds: readonly BrokerKind[] = ["aedes", "mosquitto"];

let broker: KeptBroker | undefined;

afterEach(async () => {
  await broker?.stop();
  broker = undefined;
});

describe.each(kinds)("the broker %s", (kind) => {
  test.skipIf(kind === "mosquitto" && !hasMosquitto())(
    `takes ${streams} streams of broken packets, goes on, and serves the others (F11), seed ${seed}`,
    { timeout: thorough(1_200_000, 180_000) },
    async () => {
      const own = await opened(kind);
      broker = own;
      await own.start();
      const before = own.pid();
      const flow = await openFlow(own);
      await flow.passes("before");

      const vandal = openVandal({
        ...{ port: own.gatewayPort, secret },
        ...(kind === "aedes" ? { id: "_ingest", clientId: "_ingest-vandal" } : { id: "roof-1" }),
      });
      await Promise.all([vandal.attack(streams, randomFrom(seed)), flow.passes("meanwhile")]);
      await flow.passes("after");

      expect(own.surprises()).toEqual([]);
      expect(own.pid()).toBe(before);
      expect(residentMegabytes(own.pid())).toBeLessThan(mostMegabytes);
      expect(flow.breaks()).toBe(0);
      await flow.close();
    },
  );
});

/** Without a database: the house's own programs sign in by the secret of the house. */
async function opened(kind: BrokerKind): Promise<KeptBroker> {
  if (kind === "mosquitto") {
    return keptMosquitto({ "roof-1": secret, _ingest: secret, _api: secret });
  }
  const nowhere = await freePorts(1);
  return keptAedes({
    SUNLEDGER_DATABASE_URL: `postgres://nobody:x@127.0.0.1:${nowhere}/none`,
    SUNLEDGER_SERVICE_SECRET: secret,
  });
}

/** Two good clients that have nothing to do with it: what one says, the other hears. */
async function openFlow({ port }: KeptBroker) {
  const url = `mqtt://127.0.0.1:${port}`;
  const heard = new Set<string>();
  let broken = 0;
  const sign = async (user: string) => {
    const client = await connectAsync(url, {
      clientId: `${user}-good`,
      username: user,
      password: secret,
    });
    client.on("close", () => {
      broken += 1;
    });
    client.on("error", () => {});
    return client;
  };
  const [says, hears] = [await sign("_ingest"), await sign("_api")];
  hears.on("message", (_topic, payload) => heard.add(payload.toString()));
  await hears.subscribeAsync(topics.every.live, { qos: 1 });
  return {
    async passes(word: string) {
      await says.publishAsync(topics.live("org", "plant"), word, { qos: 1 });
      await until(`"${word}" to be heard`, () => heard.has(word), { timeoutMs: 30_000 });
    },
    breaks: () => broken,
    close: () => Promise.all([says.endAsync(true), hears.endAsync(true)]),
  };
}
