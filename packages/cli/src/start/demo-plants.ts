import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DeviceKind, DeviceTag, GatewayId, type LocalText, Plant } from "@sunledger/model";
import { parse, parseDocument } from "yaml";
import * as z from "zod";
import { workspace } from "../programs.ts";
import type { DataFolder } from "./data-folder.ts";

const DemoDevice = z.object({
  tag: DeviceTag,
  kind: DeviceKind,
  profile: z.string().min(1),
  atGrid: z.boolean().default(false),
  ratedDcW: z.number().positive().optional(),
  ratedAcW: z.number().positive().optional(),
});
export type DemoDevice = z.infer<typeof DemoDevice>;

/** What the house has to know of a simulated plant; the rest of a scenario is the simulators' own. */
const DemoPlant = z.object({
  ...Plant.omit({ id: true, dcPowerW: true, acPowerW: true }).shape,
  gateway: GatewayId,
  historyGateway: GatewayId,
  devices: z.array(DemoDevice).min(1),
});
export type DemoPlant = z.infer<typeof DemoPlant>;

const Scenario = z.object({ plants: z.array(DemoPlant).min(1) });

const shipped = fileURLToPath(new URL("simulators/scenarios/demo.yaml", workspace));

/**
 * The scenario of this house. It is the shipped one with the beginning of its counters written
 * down at the first start, so that they never fall at a later one; `start` is when a driven clock
 * begins. `fresh`: what an earlier attempt may have left does not count.
 */
export function openScenario(
  folder: DataFolder,
  {
    now,
    start,
    fresh,
  }: { readonly now: number; readonly start?: number | undefined; readonly fresh: boolean },
): string {
  const file = scenarioFile(folder);
  if (existsSync(file) && !fresh) return file;
  const document = parseDocument(readFileSync(shipped, "utf8"));
  if (!document.has("origin")) document.set("origin", monthBefore(now));
  if (start !== undefined) document.set("start", new Date(start).toISOString());
  writeFileSync(file, document.toString({ lineWidth: 0 }));
  return file;
}

/** Where the house keeps its scenario. */
export function scenarioFile({ simulators }: DataFolder): string {
  return join(simulators, "scenario.yaml");
}

export function readDemoPlants(scenario: string): readonly DemoPlant[] {
  return Scenario.parse(parse(readFileSync(scenario, "utf8"))).plants;
}

/** What people call a device: its kind and the number in its tag. */
export function nameOf({ tag, kind }: DemoDevice): LocalText {
  const number = Number(/\d+$/.exec(tag)?.[0] ?? 0);
  const { en, zh } = kindNames[kind];
  return number > 0 ? { en: `${en} ${number}`, zh: `${zh} ${number}` } : { en, zh };
}

const kindNames: Readonly<Record<DeviceKind, { readonly en: string; readonly zh: string }>> = {
  inverter: { en: "Inverter", zh: "逆变器" },
  meter: { en: "Meter", zh: "电表" },
  battery: { en: "Battery", zh: "储能电池" },
  sensor: { en: "Weather station", zh: "气象站" },
  logger: { en: "Logger", zh: "数据采集器" },
};

/** The first day (UTC) of the month that 31 days before `now` lies in: before all of the history. */
function monthBefore(now: number): string {
  const date = new Date(now - 31 * 86_400_000);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)).toISOString();
}
