import type { GatewayPermissions } from "@sunledger/model";
import type { CommandRules, GatewayConfig } from "../config.ts";
import { Refusal } from "./refusal.ts";
import type { Bounds } from "./words-for.ts";

/** The gateway's own file: what is pushed cannot widen what it permits. */
export type OwnFile = Pick<GatewayConfig, "commands" | "onboarding" | "devices">;
type ConfiguredDevice = GatewayConfig["devices"][number];

/**
 * The bounds within which a set-point may be written on order; throws a `Refusal` where it may not. A
 * device counts as long as it is what the own file says it is, at the address given there: a pushed
 * configuration could else give another device a name that may be written.
 */
export function permittedBounds(
  own: OwnFile,
  device: ConfiguredDevice,
  point: string,
): { readonly bounds: Bounds; readonly rules: CommandRules } {
  const { commands: rules } = own;
  if (!rules) {
    throw new Refusal("commandsOff", "this gateway's own file does not allow set-points");
  }
  const { tag, url, profile } = device;
  const isOwn = own.devices.some(
    (one) => one.tag === tag && one.url === url && one.profile === profile,
  );
  const rule = rules.allow.find((one) => fits(tag, one.device) && fits(point, one.point));
  if (!isOwn || !rule) {
    const why = isOwn ? point : `${tag}, which is another device there`;
    throw new Refusal("pointNotAllowed", `this gateway's own file does not allow ${why}`);
  }
  const { min, max } = rule;
  return { bounds: { min, max, by: "this gateway's own file" }, rules };
}

/** What the status tells of it. */
export function permissionsOf(own: OwnFile, networks: readonly string[] | undefined) {
  const set = (own.commands?.allow ?? []).map(({ device, point }) => ({ device, point }));
  const said: GatewayPermissions = { set, ...(networks && { onboarding: [...networks] }) };
  return said;
}

function fits(name: string, pattern: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
