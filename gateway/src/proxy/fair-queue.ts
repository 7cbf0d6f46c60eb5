/** What clients wait for, so that one who asks for much keeps none of the others waiting. */
export type FairQueue<T> = {
  /** Whether there was room: each client may have so many waiting. */
  push(client: object, item: T): boolean;
  /** The oldest item of the client whose turn it is. */
  next(): T | undefined;
  /** Forgets what a client waits for. */
  leave(client: object): void;
};

export function fairQueue<T>(mostAClient: number): FairQueue<T> {
  /** In the order of their turns; each has something waiting. */
  const waiting = new Map<object, T[]>();
  return {
    push(client, item) {
      const items = waiting.get(client) ?? [];
      if (items.length >= mostAClient) return false;
      items.push(item);
      if (items.length === 1) waiting.set(client, items);
      return true;
    },

    next() {
      const [first] = waiting;
      if (!first) return;
      const [client, items] = first;
      const item = items.shift();
      waiting.delete(client);
      if (items.length > 0) waiting.set(client, items);
      return item;
    },

    leave: (client) => void waiting.delete(client),
  };
}
