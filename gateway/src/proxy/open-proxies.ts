import type { Clock, Scope } from "@sunledger/runtime";
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
  /** Closes and opens what has changed. One that cannot be opened is logged and tried again. */
  apply(wanted: ReadonlyMap<string, WantedProxy>): Promise<void>;
  /** Whether each is open by now. */
  open(): ReadonlyMap<string, boolean>;
  close(): Promise<void>;
}

export type ProxiesParts = {
  readonly clock: Pick<Clock, "wait">;
  readonly log: Scope["log"];
};

const againMs = 30_000;

type Close = () => Promise<void>;
type Kept = { readonly key: string; readonly isOpen: () => boolean; readonly close: Close };

export function openProxies(lease: LeaseLinks, { clock, log }: ProxiesParts): Proxies {
  const kept = new Map<string, Kept>();

  const opened = async (wanted: WantedProxy): Promise<Close> => {
    const links = lease();
    try {
      const server = await wanted.open(links);
      return () => server.close().then(links.close);
    } catch (err) {
      links.close();
      throw err;
    }
  };

  /** Opens it as soon as its place is free. */
  const openedLater = (tag: string, wanted: WantedProxy): Omit<Kept, "key"> => {
    const ending = new AbortController();
    let isOpen = false;
    const run = (async () => {
      for (;;) {
        await clock.wait(againMs, ending.signal);
        if (ending.signal.aborted) return undefined;
        const close = await opened(wanted).catch(() => undefined);
        if (!close) continue;
        isOpen = true;
        log.info({ tag }, "proxy is open");
        return close;
      }
    })();
    return {
      isOpen: () => isOpen,
      async close() {
        ending.abort();
        await (await run)?.();
      },
    };
  };

  const apply = async (wanted: ReadonlyMap<string, WantedProxy>) => {
    for (const [tag, { key, close }] of [...kept]) {
      if (wanted.get(tag)?.key === key) continue;
      kept.delete(tag);
      await close();
    }
    for (const [tag, proxy] of wanted) {
      if (kept.has(tag)) continue;
      const one = await opened(proxy)
        .then((close) => ({ isOpen: () => true, close }))
        .catch((err: unknown) => {
          log.error({ tag, err }, "proxy cannot be opened: tried again each 30 s");
          return openedLater(tag, proxy);
        });
      kept.set(tag, { key: proxy.key, ...one });
    }
  };
  return {
    apply,
    open: () => new Map([...kept].map(([tag, { isOpen }]) => [tag, isOpen()])),
    close: () => apply(new Map()),
  };
}
