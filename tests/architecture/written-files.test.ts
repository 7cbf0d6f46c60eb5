import { InputMapping } from "@sunledger/model/inputs";
import { DeviceProfile } from "@sunledger/model/profile";
import { expect, test } from "vitest";
import * as z from "zod";
import { GatewayConfig } from "../../gateway/src/config.ts";
import { ProxyConfig } from "../../gateway/src/proxy/proxy-config.ts";
import { ReplayMap } from "../../simulators/src/replay/replay-map.ts";
import { Scenario } from "../../simulators/src/scenario/scenario.ts";

/** What a person writes by hand: a misspelt key that is passed over makes another plant, or other values. */
const written = {
  "a gateway's file": GatewayConfig,
  "a device profile": DeviceProfile,
  "a proxy's file": ProxyConfig,
  "a scenario": Scenario,
  "a replay map": ReplayMap,
  "a mapping document": InputMapping,
};

test.each(Object.entries(written))("%s has no place for a key that nobody knows", (_, schema) => {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });

  expect(openObjects(json)).toEqual([]);
});

/** Where keys may stand that are not named, in a schema that names some. */
function openObjects(schema: unknown, path = "#"): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const isOpen = "properties" in schema && !("additionalProperties" in schema);
  const deeper = Object.entries(schema).flatMap(([key, part]) => {
    return openObjects(part, `${path}/${key}`);
  });
  return isOpen ? [path, ...deeper] : deeper;
}
