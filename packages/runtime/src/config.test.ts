import { expect, test } from "vitest";
import * as z from "zod";
import { ConfigError, loadConfig } from "./config.ts";

const Settings = z.object({
  SUNLEDGER_HTTP_PORT: z.coerce.number().int().min(1).max(65_535).default(8_080),
  SUNLEDGER_MQTT_URL: z.url(),
});

test("a wrong setting names every problem at once", () => {
  const load = () =>
    loadConfig(Settings, { SUNLEDGER_HTTP_PORT: "eighty", SUNLEDGER_MQTT_URL: "?" });

  expect(load).toThrow(ConfigError);
  expect(load).toThrow(/SUNLEDGER_HTTP_PORT[\s\S]*SUNLEDGER_MQTT_URL/);
});

test.each([
  ["eighty", "is not a number"],
  ["80.5", "is not a whole number"],
  ["0", "must be at least 1"],
  ["70000", "must be at most 65535"],
])("a port %s is refused in words", (port, problem) => {
  const env = { SUNLEDGER_HTTP_PORT: port, SUNLEDGER_MQTT_URL: "mqtt://x:1" };

  expect(() => loadConfig(Settings, env)).toThrow(
    new ConfigError(`✖ SUNLEDGER_HTTP_PORT ${problem}`),
  );
});

test("what is wanted and absent is not set, and a choice names what there is", () => {
  const Clock = z.object({ SUNLEDGER_CLOCK: z.enum(["system", "driven"]) });

  expect(() => loadConfig(Settings, {})).toThrow(
    new ConfigError("✖ SUNLEDGER_MQTT_URL is not set"),
  );
  expect(() => loadConfig(Clock, { SUNLEDGER_CLOCK: "sundial" })).toThrow(
    new ConfigError("✖ SUNLEDGER_CLOCK must be one of system, driven"),
  );
});

test("a mistyped name is refused with the one that was meant, beside every other problem", () => {
  const load = () => loadConfig(Settings, { SUNLEDGER_HTTP_PROT: "81", SUNLEDGER_MQTT_URL: "?" });

  expect(load).toThrow(ConfigError);
  expect(load).toThrow(
    /SUNLEDGER_HTTP_PROT is no setting: did you mean SUNLEDGER_HTTP_PORT\?[\s\S]*SUNLEDGER_MQTT_URL/,
  );
});

test("an empty setting is refused by name, also another program's", () => {
  const load = () =>
    loadConfig(Settings, {
      SUNLEDGER_HTTP_PORT: "",
      SUNLEDGER_MQTT_URL: "mqtt://x:1",
      SUNLEDGER_DATA_DIR: "",
      SUNLEDGER: "",
      EDITOR: "",
    });

  expect(load).toThrow(
    new ConfigError(
      "✖ SUNLEDGER_DATA_DIR is empty: give it a value or take it away\n" +
        "✖ SUNLEDGER_HTTP_PORT is empty: give it a value or take it away",
    ),
  );
});

test("an empty setting that is wanted is one problem, not two", () => {
  expect(() => loadConfig(Settings, { SUNLEDGER_MQTT_URL: "" })).toThrow(
    new ConfigError("✖ SUNLEDGER_MQTT_URL is empty: give it a value or take it away"),
  );
});
