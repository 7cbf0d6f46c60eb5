/** Layouts that cannot be used, each as its gateway announced it: another's may be sound under the same name. */
export type RefusedByGateway = {
  add(gateway: string, hash: string, reason: string): void;
  remove(gateway: string, hash: string): void;
  reason(gateway: string, hash: string): string | undefined;
  /** Those that were refused since it was asked last, and are still. */
  takeNews(): readonly RefusedLayout[];
};

export type RefusedLayout = { readonly gateway: string; readonly hash: string };

/** As many as the broker retains of one gateway. */
const mostOfOne = 500;
const mostOfAll = 20_000;
const mostReason = 300;

export function refusedLayouts(): RefusedByGateway {
  const byGateway = new Map<string, Map<string, string>>();
  let size = 0;
  /** Nothing but what is in `byGateway`: no more, however long nobody asks. */
  let news = new Map<string, Set<string>>();

  const remove = (gateway: string, hash: string) => {
    const own = byGateway.get(gateway);
    if (own?.delete(hash)) size -= 1;
    if (own?.size === 0) byGateway.delete(gateway);
    const untold = news.get(gateway);
    untold?.delete(hash);
    if (untold?.size === 0) news.delete(gateway);
  };

  return {
    add(gateway, hash, reason) {
      remove(gateway, hash);
      const own = byGateway.get(gateway) ?? new Map<string, string>();
      // Rows of what is forgotten here wait again; it is announced anew at the gateway's next connect.
      if (own.size >= mostOfOne || size >= mostOfAll) return;
      byGateway.set(gateway, own.set(hash, reason.slice(0, mostReason)));
      size += 1;
      news.set(gateway, (news.get(gateway) ?? new Set()).add(hash));
    },
    remove,
    reason: (gateway, hash) => byGateway.get(gateway)?.get(hash),
    takeNews() {
      const told = [...news].flatMap(([gateway, hashes]) =>
        [...hashes].map((hash) => ({ gateway, hash })),
      );
      news = new Map();
      return told;
    },
  };
}
