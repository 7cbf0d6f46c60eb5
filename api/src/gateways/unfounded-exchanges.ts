import { isDeepStrictEqual } from "node:util";
import { type DeviceExchange, SiteConfiguration } from "@sunledger/model";
import type { KeptConfiguration } from "@sunledger/store";
import type { DocumentFault } from "./judge-document.ts";

type Document = Readonly<Record<string, unknown>>;

/**
 * The exchanges that a document tells of though no version before it did: who has put a device there, and when
 * it was read, is told by an order of this gateway alone. Of what is told anew its own order is asked.
 */
export function unfoundedExchanges(
  document: Document,
  anew: readonly Pick<DeviceExchange, "tag">[],
  versions: readonly Pick<KeptConfiguration, "document">[],
): DocumentFault[] {
  const toldAnew = new Set(anew.map(({ tag }) => tag));
  const before = versions.flatMap(({ document }) => devicesOf(document));
  return devicesOf(document).flatMap(({ tag, exchange }, i) => {
    if (!exchange || toldAnew.has(tag)) return [];
    const isFounded = before.some(
      (device) => device.tag === tag && isDeepStrictEqual(device.exchange, exchange),
    );
    if (isFounded) return [];
    const message = `no version tells of this exchange of ${tag}: leave it away; a new one is told by "exchanges"`;
    return [{ path: `document.devices[${i}].exchange`, message }];
  });
}

function devicesOf(document: Document | null): SiteConfiguration["devices"] {
  return SiteConfiguration.safeParse(document ?? { devices: [] }).data?.devices ?? [];
}
