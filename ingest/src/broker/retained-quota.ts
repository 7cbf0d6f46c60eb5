/** How much the broker retains of one gateway. */
export type RetainedBounds = { readonly mostMessages: number; readonly mostBytes: number };

export type RetainedQuota = {
  /**
   * Whether a message of so many bytes may be retained on the topic; it is counted then. An empty one
   * takes back what was retained there, and always may.
   */
  admit(gateway: string, topic: string, bytes: number): boolean;
  /** How often each gateway was refused. */
  readonly refusals: ReadonlyMap<string, number>;
};

/**
 * Keeps one gateway from filling the broker's memory with retained messages. What was retained stays
 * counted when the gateway goes, as it stays retained.
 */
export function retainedQuota({ mostMessages, mostBytes }: RetainedBounds): RetainedQuota {
  const shelves = new Map<string, { readonly sizes: Map<string, number>; bytes: number }>();
  const refusals = new Map<string, number>();

  return {
    admit(gateway, topic, bytes) {
      const shelf = shelves.get(gateway) ?? { sizes: new Map<string, number>(), bytes: 0 };
      const before = shelf.sizes.get(topic);
      const count = shelf.sizes.size + (before === undefined ? 1 : 0);
      const total = shelf.bytes - (before ?? 0) + bytes;
      if (bytes > 0 && (count > mostMessages || total > mostBytes)) {
        refusals.set(gateway, (refusals.get(gateway) ?? 0) + 1);
        return false;
      }
      if (bytes > 0) shelf.sizes.set(topic, bytes);
      else shelf.sizes.delete(topic);
      shelf.bytes = total;
      shelves.set(gateway, shelf);
      return true;
    },
    refusals,
  };
}
