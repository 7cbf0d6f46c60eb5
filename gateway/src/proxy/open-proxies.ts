import type { Scope } from "@sunledger/runtime";
import type { LeaseLinks } from "../modbus/leased-links.ts";
import type { Links } from "../modbus/links.ts";
import type { ProxyServer } from "./proxy-server.ts";

/** A proxy that shall be open. */
export type WantedProxy = {
  /** Changes with everything that the proxy lives by. */
  readonly key: string;
  /** Opens it on its own share of the connections. */
  readonly open: (links: Links) => Promise<ProxyServer>;
};

/** The proxies that are open, by their devices' tags. */
export interface Proxies {
  /** Closes and opens what has changed. One that cannot be opened is logged, and the others are. */
  apply(wanted: ReadonlyMap<string, WantedProxy>): Promise<void>;
  close(): Promise<void>;
}

export function openProxies(lease: LeaseLinks, log: Scope["log"]): Proxies {
  const open = new Map<string, { readonly key: string; close(): Promise<void> }>();

  const opened = async (tag: string, wanted: WantedProxy) => {
    const links = lease();
    try {
      const server = await wanted.open(links);
      open.set(tag, { key: wanted.key, close: () => server.close().then(links.close) });
    } catch (err) {
      links.close();
      log.error({ tag, err }, "proxy cannot be opened");
    }
  };

  const apply = async (wanted: ReadonlyMap<string, WantedProxy>) => {
    for (const [tag, { key, close }] of [...open]) {
      if (wanted.get(tag)?.key === key) continue;
      open.delete(tag);
      await close();
    }
    for (const [tag, proxy] of wanted) if (!open.has(tag)) await opened(tag, proxy);
  };
  return { apply, close: () => apply(new Map()) };
}
