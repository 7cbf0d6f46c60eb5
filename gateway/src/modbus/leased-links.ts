import type { Link } from "./link.ts";
import type { Links } from "./links.ts";

/** Makes a share in the connections for one user; see `leasedLinks`. */
export type LeaseLinks = () => Links;

/** A connection as one user sees it. */
type Share = { readonly link: Link; readonly view: Link; readonly bound: (() => void)[] };

/**
 * Shares connections among users that come and go: what one has asked for, and bound a line to, is given
 * back when it closes its share, and a connection that nobody uses any more is closed.
 */
export function leasedLinks(links: Links): LeaseLinks {
  const users = new Map<Link, number>();
  return () => {
    const mine = new Map<Link, Share>();
    const give = ({ link, bound }: Share) => {
      mine.delete(link);
      for (const unbind of bound) unbind();
      const left = (users.get(link) ?? 1) - 1;
      users.set(link, left);
      if (left > 0) return;
      users.delete(link);
      links.release(link);
    };
    const shareIn = (link: Link): Share => {
      const bound: Share["bound"] = [];
      const bind: Link["bind"] = (manners) => {
        const unbind = link.bind(manners);
        bound.push(unbind);
        return unbind;
      };
      users.set(link, (users.get(link) ?? 0) + 1);
      return { link, view: { ...link, bind }, bound };
    };
    return {
      to(address) {
        const link = links.to(address);
        const share = mine.get(link) ?? shareIn(link);
        mine.set(link, share);
        return share.view;
      },
      release(view) {
        for (const share of mine.values()) if (share.view === view) return give(share);
      },
      close() {
        for (const share of [...mine.values()]) give(share);
      },
    };
  };
}
