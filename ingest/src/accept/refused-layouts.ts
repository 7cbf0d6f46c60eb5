/** Layouts that cannot be used, each as its gateway announced it: another's may be sound under the same name. */
export type RefusedByGateway = {
  add(gateway: string, hash: string, reason: string): void;
  remove(gateway: string, hash: string): void;
  reason(gateway: string, hash: string): string | undefined;
};

/** As many as the broker retains of one gateway. */
const mostOfOne = 500;
const mostOfAll = 20_000;
const mostReason = 300;

export function refusedLayouts(): RefusedByGateway {
  const byGateway = new Map<string, Map<string, string>>();
  let size = 0;

  const remove = (gateway: string, hash: string) => {
    const own = byGateway.get(gateway);
    if (own?.delete(hash)) size -= 1;
    if (own?.size === 0) byGateway.delete(gateway);
  };

  return {
    add(gateway, hash, reason) {
      remove(gateway, hash);
      const own = byGateway.get(gateway) ?? new Map<string, string>();
      // Rows of what is forgotten here wait again; it is announced anew at the gateway's next connect.
      if (own.size >= mostOfOne || size >= mostOfAll) return;
      byGateway.set(gateway, own.set(hash, reason.slice(0, mostReason)));
      size += 1;
    },
    remove,
    reason: (gateway, hash) => byGateway.get(gateway)?.get(hash),
  };
}
