import { isIPv4 } from "node:net";
import { addressOf, DeviceUrl } from "@sunledger/model/device-url";
import type { LineAddress } from "@sunledger/model/line-address";
import type { OwnFile } from "./permissions.ts";
import { Refusal } from "./refusal.ts";

/** What the platform may search: as the own file lists it, or the networks of the devices there. */
export function networksOf({ onboarding, devices }: OwnFile): readonly string[] | undefined {
  if (onboarding === undefined) return undefined;
  if (onboarding !== true) return onboarding.networks;
  return [...new Set(devices.map(({ url }) => networkOf(addressOf(url).line)))];
}

/** Throws a `Refusal` where a line is not within the networks. */
export function checkWithin(line: LineAddress, networks: readonly string[] | undefined): void {
  if (!networks) {
    throw new Refusal(
      "onboardingOff",
      "this gateway's own file does not allow to search for devices",
    );
  }
  const isWithin = networks.some((network) => contains(network, line));
  const where = line.transport === "serial" ? line.path : line.host;
  if (!isWithin) {
    throw new Refusal("outsideNetworks", `${where} is outside of ${networks.join(", ")}`);
  }
}

/** Around a private address its network of 256; else no more than the host or the port itself. */
function networkOf(line: LineAddress): string {
  if (line.transport === "serial") return `serial://${line.path}`;
  const { host } = line;
  return isPrivate(host) ? `${host.replace(/\.\d+$/, ".0")}/24` : host;
}

function isPrivate(host: string): boolean {
  const number = numberOf(host);
  if (number === undefined) return false;
  return ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"].some((network) =>
    isIn(number, network),
  );
}

function contains(network: string, line: LineAddress): boolean {
  if (line.transport === "serial") return pathOf(network) === line.path;
  const number = numberOf(line.host);
  if (number !== undefined && network.includes("/") && isIn(number, network)) return true;
  return network.toLowerCase() === line.host.toLowerCase();
}

function isIn(number: number, network: string): boolean {
  const [address = "", bits = ""] = network.split("/");
  const first = numberOf(address);
  if (first === undefined || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(first / size) === Math.floor(number / size);
}

function pathOf(network: string): string | undefined {
  const url = DeviceUrl.safeParse(network);
  const line = url.success ? addressOf(url.data).line : undefined;
  return line?.transport === "serial" ? line.path : undefined;
}

/** Four plain numbers: no other way of writing an address is an address here. */
function numberOf(host: string): number | undefined {
  if (!isIPv4(host)) return undefined;
  return host.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
