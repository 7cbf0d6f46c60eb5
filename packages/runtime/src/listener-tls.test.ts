import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ConfigError } from "./config.ts";
import { httpTls, mqttTls } from "./listener-tls.ts";

describe("a listener", () => {
  test.each(["127.0.0.1", "127.1.2.3", "localhost", "::1"])(
    "speaks in the clear on loopback %s",
    (host) => {
      expect(http(host)).toBeUndefined();
      expect(mqttTls({ SUNLEDGER_MQTT_HOST: host })).toBeUndefined();
    },
  );

  test.each(["0.0.0.0", "::", "192.168.1.5", "127.example.com", ""])(
    "sends no password in the clear from %j",
    (host) => {
      expect(() => mqttTls({ SUNLEDGER_MQTT_HOST: host })).toThrow(
        `SUNLEDGER_MQTT_HOST is ${host}, which other machines can reach: set SUNLEDGER_MQTT_TLS_CERT ` +
          "and SUNLEDGER_MQTT_TLS_KEY to the PEM files of a certificate, or listen on 127.0.0.1",
      );
      expect(() => http(host)).toThrow(/SUNLEDGER_HTTP_TLS_CERT .* SUNLEDGER_TRUSTED_PROXIES/);
    },
  );

  test("speaks in the clear to a proxy only that is named and makes the address https", () => {
    const named = { SUNLEDGER_TRUSTED_PROXIES: ["10.0.0.7"] };
    const https = { SUNLEDGER_PUBLIC_URL: "https://sun.example" };

    expect(http("0.0.0.0", { ...named, ...https })).toBeUndefined();
    expect(() => http("0.0.0.0", named)).toThrow(ConfigError);
    expect(() => http("0.0.0.0", https)).toThrow(ConfigError);
    const plain = { SUNLEDGER_PUBLIC_URL: "http://sun.example" };
    expect(() => http("0.0.0.0", { ...named, ...plain })).toThrow(ConfigError);
  });

  test("names what is missing of a certificate", () => {
    const half = { SUNLEDGER_MQTT_HOST: "0.0.0.0", SUNLEDGER_MQTT_TLS_CERT: "/nowhere/cert.pem" };

    expect(() => mqttTls(half)).toThrow(/belong together/);
    expect(() => mqttTls({ ...half, SUNLEDGER_MQTT_TLS_KEY: "key.pem" })).toThrow(
      "SUNLEDGER_MQTT_TLS_CERT: cannot read /nowhere/cert.pem",
    );
  });

  test("refuses a file that is no certificate", () => {
    const folder = mkdtempSync(join(tmpdir(), "sunledger-tls-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "none.pem");
    writeFileSync(file, "no certificate");

    expect(() =>
      http("0.0.0.0", { SUNLEDGER_HTTP_TLS_CERT: file, SUNLEDGER_HTTP_TLS_KEY: file }),
    ).toThrow("SUNLEDGER_HTTP_TLS_CERT and SUNLEDGER_HTTP_TLS_KEY cannot be used");
  });
});

function http(host: string, more: Partial<Parameters<typeof httpTls>[0]> = {}) {
  return httpTls({ SUNLEDGER_HTTP_HOST: host, SUNLEDGER_TRUSTED_PROXIES: [], ...more });
}
