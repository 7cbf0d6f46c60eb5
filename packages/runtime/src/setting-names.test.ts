import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { mistypedSettings, settingNames } from "./setting-names.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const aSetting = /\bSUNLEDGER_[A-Z0-9]+(?:_[A-Z0-9]+)*\b/g;

describe("a setting that no program has", () => {
  test.each([
    ["SUNLEDGER_HTTP_PROT", "SUNLEDGER_HTTP_PORT"],
    ["SUNLEDGER_MQTTURL", "SUNLEDGER_MQTT_URL"],
    ["SUNLEDGER_DATABSE_URL", "SUNLEDGER_DATABASE_URL"],
    ["sunledger_http_port", "SUNLEDGER_HTTP_PORT"],
  ])("%s is taken for %s", (name, meant) => {
    expect(mistypedSettings({ [name]: "1" })).toEqual([
      `${name} is no setting: did you mean ${meant}?`,
    ]);
  });

  test("is named also where none is like it", () => {
    expect(mistypedSettings({ SUNLEDGER_COFFEE_STRENGTH: "5" })).toEqual([
      "SUNLEDGER_COFFEE_STRENGTH is no setting: take it away",
    ]);
  });

  test("is none where it is absent, another program's or a service's address", () => {
    const env = {
      ...{ SUNLEDGER_HTTP_PROT: "", SUNLEDGER_OUTBOX_DIR: "/x", PATH: "/bin", SUNLEDGER: "1" },
      SUNLEDGER_API_SERVICE_HOST: "10.0.0.1",
      SUNLEDGER_API_SERVICE_PORT_HTTP: "80",
      SUNLEDGER_API_PORT: "tcp://10.0.0.1:80",
      SUNLEDGER_API_PORT_80_TCP_PROTO: "tcp",
    };
    expect(mistypedSettings(env)).toEqual([]);
  });
});

test("every setting that the sources name is known, and none besides", () => {
  const files = globSync("{api,dashboard,gateway,ingest,packages,simulators,tests}/**/*.{ts,tsx}", {
    cwd: root,
    exclude: [
      "**/node_modules/**",
      "**/dist/**",
      "packages/runtime/src/{setting-names,config.test}*",
    ],
  });
  const named = files.flatMap((file) => readFileSync(root + file, "utf8").match(aSetting) ?? []);

  expect([...new Set(named)].sort()).toEqual([...settingNames].sort());
});
