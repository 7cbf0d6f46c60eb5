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

test("a mistyped name is refused with the one that was meant, beside every other problem", () => {
  const load = () => loadConfig(Settings, { SUNLEDGER_HTTP_PROT: "81", SUNLEDGER_MQTT_URL: "?" });

  expect(load).toThrow(ConfigError);
  expect(load).toThrow(
    /SUNLEDGER_HTTP_PROT is no setting: did you mean SUNLEDGER_HTTP_PORT\?[\s\S]*SUNLEDGER_MQTT_URL/,
  );
});

test("an empty variable is an absent one", () => {
  const settings = loadConfig(Settings, {
    SUNLEDGER_HTTP_PORT: "",
    SUNLEDGER_MQTT_URL: "mqtt://x:1",
  });

  expect(settings.SUNLEDGER_HTTP_PORT).toBe(8_080);
});
