import type { DeviceAddress } from "./device-url.ts";
import { type Link, type LinkParts, openLink } from "./link.ts";

/** The connections of a gateway: one for each host and port, whoever asks. */
export interface Links {
  to(address: Pick<DeviceAddress, "host" | "port">): Link;
  close(): void;
}

export function modbusLinks(parts: Omit<LinkParts, "host" | "port">): Links {
  const links = new Map<string, Link>();
  return {
    to({ host, port }) {
      const key = `${host}:${port}`;
      const known = links.get(key);
      if (known) return known;
      const link = openLink({ ...parts, host, port });
      links.set(key, link);
      return link;
    },

    close() {
      for (const link of links.values()) link.close();
      links.clear();
    },
  };
}
