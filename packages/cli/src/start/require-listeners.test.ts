import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HouseSettings } from "../settings.ts";
import { requireListeners } from "./require-listeners.ts";

const proxy = {
  SUNLEDGER_TRUSTED_PROXIES: "10.0.0.7",
  SUNLEDGER_PUBLIC_URL: "https://sun.example",
};

test("on loopback nothing is refused", () => {
  expect(() => requireListeners(settings(), "demo")).not.toThrow();
});

test("every listener that would speak in the clear to others is named before a start", () => {
  const open = settings({
    SUNLEDGER_HTTP_HOST: "0.0.0.0",
    SUNLEDGER_MQTT_HOST: "0.0.0.0",
    SUNLEDGER_SIMULATOR_HOST: "0.0.0.0",
  });

  expect(() => requireListeners(open, "demo")).toThrow(
    /✖ SUNLEDGER_HTTP_HOST.*published.*\n✖ SUNLEDGER_SIMULATOR_HOST.*\n✖ SUNLEDGER_HTTP_HOST.*\n✖ SUNLEDGER_MQTT_HOST/,
  );
});

test("a demonstration stays on this machine, whatever protects it on the way", () => {
  const behindProxy = settings({ SUNLEDGER_HTTP_HOST: "0.0.0.0", ...proxy });

  expect(() => requireListeners(behindProxy, "demo")).toThrow(/passwords .* are published/);
  expect(() => requireListeners(behindProxy, "empty")).not.toThrow();
});

test("the listener of a broker that is not ours is not ours to refuse", () => {
  const theirs = { SUNLEDGER_MQTT_HOST: "0.0.0.0", SUNLEDGER_MQTT_URL: "mqtts://broker.example" };

  expect(() => requireListeners(settings(theirs), "empty")).not.toThrow();
});

test("the broker's certificate bears the name by which the house's programs reach it", () => {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-certificate-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const names = ["-subj", "/CN=sunledger", "-addext", "subjectAltName=IP:127.0.0.1"];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  execFileSync("openssl", ["req", ...kind, ...names, "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  const tls = { SUNLEDGER_MQTT_TLS_CERT: cert, SUNLEDGER_MQTT_TLS_KEY: key };

  const everywhere = settings({ ...tls, SUNLEDGER_MQTT_HOST: "0.0.0.0" });
  expect(() => requireListeners(everywhere, "empty")).not.toThrow();
  const elsewhere = settings({ ...tls, SUNLEDGER_MQTT_HOST: "broker.example" });
  expect(() => requireListeners(elsewhere, "empty")).toThrow(
    "SUNLEDGER_MQTT_TLS_CERT is no certificate for broker.example",
  );
});

function settings(given: Readonly<Record<string, string>> = {}): HouseSettings {
  return HouseSettings.parse(given);
}
