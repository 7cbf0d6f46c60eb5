import { expect, test } from "vitest";
import { listenOn } from "./config.ts";

const place = (host: string) => ({ SUNLEDGER_MQTT_HOST: host, SUNLEDGER_MQTT_PORT: 1883 });

test("the broker listens in the clear on loopback alone", () => {
  expect(listenOn(place("127.0.0.1"))).toEqual({ host: "127.0.0.1", port: 1883 });
  expect(() => listenOn(place("0.0.0.0"))).toThrow(/SUNLEDGER_MQTT_TLS_CERT/);
});
