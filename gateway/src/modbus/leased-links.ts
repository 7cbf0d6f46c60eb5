import type { Link } from "./link.ts";
import type { Links } from "./links.ts";

/** Makes a share in the connections for one user; see `leasedLinks`. */
export type LeaseLinks = () => Links;

/**
 * Shares connections among users that come and go: what one has asked for is given back when it closes
 * its share, and a connection that nobody uses any more is closed.
 */
export function leasedLinks(links: Links): LeaseLinks {
  const users = new Map<Link, number>();
  return () => {
    const mine = new Set<Link>();
    const release = (link: Link) => {
      if (!mine.delete(link)) return;
      const left = (users.get(link) ?? 1) - 1;
      users.set(link, left);
      if (left > 0) return;
      users.delete(link);
      links.release(link);
    };
    return {
      to(address) {
        const link = links.to(address);
        if (!mine.has(link)) users.set(link, (users.get(link) ?? 0) + 1);
        mine.add(link);
        return link;
      },
      release,
      close() {
        for (const link of [...mine]) release(link);
      },
    };
  };
}
