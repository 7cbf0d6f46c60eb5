import type { Layout } from "@sunledger/model";

/** A layout that a gateway has announced and the store does not have yet. */
export type AnnouncedLayout = {
  readonly gateway: string;
  readonly hash: string;
  readonly layout: Layout;
};

/** Announced layouts on their way to the store: each gateway has its own room, and its turn. */
export type AnnouncedLayouts = {
  /** `false` when the gateway has too many waiting. */
  add(announced: AnnouncedLayout): boolean;
  has(hash: string): boolean;
  /** Whose turn it is now, so many at most, one of each gateway before a second of any. */
  due(now: number, most: number): readonly AnnouncedLayout[];
  remove(announced: AnnouncedLayout): void;
  /**
   * The store has refused it: its turn comes later, `false` when it was refused often enough. One that
   * is not to blame, since the store ails, has its turn again and again.
   */
  postpone(announced: AnnouncedLayout, now: number, isToBlame: boolean): boolean;
};

/** As many as the broker retains of one gateway. */
const mostOfOne = 500;
const mostOfAll = 20_000;
/** Some four minutes of trying. */
const mostRefusals = 8;
const longestWaitMs = 60_000;

export function announcedLayouts(): AnnouncedLayouts {
  type Waiting = AnnouncedLayout & { refusals: number; notBefore: number };
  const byGateway = new Map<string, Map<string, Waiting>>();
  const hashes = new Set<string>();

  const remove = ({ gateway, hash }: AnnouncedLayout) => {
    const own = byGateway.get(gateway);
    own?.delete(hash);
    if (own?.size === 0) byGateway.delete(gateway);
    hashes.delete(hash);
  };

  return {
    add(announced) {
      const { gateway, hash } = announced;
      const own = byGateway.get(gateway) ?? new Map<string, Waiting>();
      if (own.size >= mostOfOne || hashes.size >= mostOfAll) return false;
      byGateway.set(gateway, own.set(hash, { ...announced, refusals: 0, notBefore: 0 }));
      hashes.add(hash);
      return true;
    },

    has: (hash) => hashes.has(hash),

    due(now, most) {
      const queues = [...byGateway.values()].map((own) =>
        [...own.values()].filter(({ notBefore }) => notBefore <= now),
      );
      const longest = queues.reduce((most, { length }) => Math.max(most, length), 0);
      const due: Waiting[] = [];
      for (let turn = 0; turn < longest && due.length < most; turn += 1) {
        due.push(...queues.flatMap((queue) => queue[turn] ?? []));
      }
      return due.slice(0, most);
    },

    remove,

    postpone(announced, now, isToBlame) {
      const waiting = byGateway.get(announced.gateway)?.get(announced.hash);
      if (!waiting) return false;
      waiting.notBefore = now + Math.min(1_000 * 2 ** waiting.refusals, longestWaitMs);
      waiting.refusals += 1;
      if (!isToBlame || waiting.refusals < mostRefusals) return true;
      remove(announced);
      return false;
    },
  };
}
