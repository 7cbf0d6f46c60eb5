import {
  type DeviceExchange,
  devicePlace,
  type OrderedBy,
  SiteConfiguration,
} from "@sunledger/model";
import type { Commands } from "@sunledger/store";
import { ApiError } from "../errors.ts";

type Document = Readonly<Record<string, unknown>>;

export type ExchangeParts = {
  readonly commands: Pick<Commands, "one">;
  readonly organisation: string;
  readonly gateway: string;
  readonly by: OrderedBy;
};

/**
 * The document with what somebody tells of exchanged devices. Refuses, by an `ApiError`, one whose new device
 * was not read by that gateway at that place.
 */
export async function withExchanges(
  document: Document,
  exchanges: readonly DeviceExchange[],
  { commands, organisation, gateway, by }: ExchangeParts,
): Promise<Document> {
  if (exchanges.length === 0) return document;
  const { devices } = SiteConfiguration.parse(document);
  const exchanged = new Map<string, object>();
  for (const { tag, before, after, command } of exchanges) {
    const url = devices.find((device) => device.tag === tag)?.url;
    const read = await commands.one(organisation, command);
    const isRead =
      read?.gateway === gateway &&
      read.what.kind === "test-read" &&
      read.outcome?.state === "done" &&
      url !== undefined &&
      devicePlace(read.what.url) === devicePlace(url);
    if (!isRead) {
      const detail = `The device that shall be ${tag} was not read by a command ${command}.`;
      throw new ApiError("devices.notRead", detail);
    }
    exchanged.set(tag, { id: command, before, after, by });
  }
  const told = devices.map((device) => {
    const exchange = exchanged.get(device.tag);
    return exchange ? { ...device, exchange } : device;
  });
  return { ...document, devices: told };
}
