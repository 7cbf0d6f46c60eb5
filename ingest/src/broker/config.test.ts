import { ConfigError } from "@sunledger/runtime";
import { describe, expect, test } from "vitest";
import { listenOn } from "./config.ts";

const place = (host: string) => ({ SUNLEDGER_MQTT_HOST: host, SUNLEDGER_MQTT_PORT: 1883 });

describe("listenOn", () => {
  test.each(["127.0.0.1", "127.1.2.3", "localhost", "::1"])("plain on loopback %s", (host) => {
    expect(listenOn(place(host))).toEqual({ host, port: 1883 });
  });

  test.each(["0.0.0.0", "::", "192.168.1.5", "127.example.com", ""])(
    "refuses to send passwords in the clear on %j",
    (host) => {
      expect(() => listenOn(place(host))).toThrow(/SUNLEDGER_MQTT_TLS_CERT/);
    },
  );

  test("names what is missing of a certificate", () => {
    const half = { ...place("0.0.0.0"), SUNLEDGER_MQTT_TLS_CERT: "cert.pem" };
    expect(() => listenOn(half)).toThrow(/belong together/);
    const absent = { ...half, SUNLEDGER_MQTT_TLS_KEY: "/nowhere/key.pem" };
    expect(() => listenOn(absent)).toThrow(ConfigError);
  });
});
