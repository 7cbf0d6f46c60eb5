import type { GatewayConfig } from "../config.ts";
import type { Profiles } from "../profiles/load-profiles.ts";
import { notesOn } from "./notes.ts";
import { pollLoad } from "./poll-load.ts";

/** What a value weighs on its way to ingest, at most: whole messages, deflated. */
const bytesAValue = 2;
const secondsADay = 86_400;

/** What a good configuration comes to, for people. */
export function checkText(file: string, config: GatewayConfig, profiles: Profiles): string {
  const { devices, lines, polls, values } = pollLoad(config, profiles);
  const bytes = values * bytesAValue;
  const names = [...lines].map(([line, { devices, polls }]) => {
    return `  ${line}  ${counted(devices, "device")}, ${rate(polls)} polls/s`;
  });
  return [
    `${file} is good: gateway ${config.id}, ${counted(devices, "device")} on ${counted(lines.size, "line")}`,
    ...names,
    `polls: ${rate(polls)} a second, with up to ${rate(values)} values`,
    `uplink: up to ${rate(bytes / 1_000)} kB/s, ${rate((bytes * secondsADay) / 1e6)} MB a day`,
    ...notesOn(config, profiles).map((note) => `note: ${note}`),
    "",
  ].join("\n");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Two digits that say something. */
function rate(value: number): string {
  return value >= 10 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}
