import { Layout, LayoutHash, layoutHash, WithheldLayout } from "@sunledger/model";
import { cataloguePoint } from "@sunledger/model/points";
import type { Clock, Scope } from "@sunledger/runtime";
import type { FrameBatch, FrameStore } from "@sunledger/store";
import { type AnnouncedLayout, announcedLayouts } from "./announced-layouts.ts";
import { isContentRefused } from "./is-content-refused.ts";
import { type RefusedLayout, refusedLayouts } from "./refused-layouts.ts";

/** The layouts that frames are read by. */
export type Layouts = {
  /** Takes an announced layout, or says why it is none. */
  announce(gateway: string, hash: string, content: unknown): Promise<Announced>;
  /**
   * Keeps in the store some of what was announced since; tells whose rows need wait no longer. Throws
   * while the store is away; one that the store alone refuses holds up nothing.
   */
  keepAnnounced(): Promise<Decided>;
  /** Whether there is one to keep now. */
  hasAnnounced(): boolean;
  /** Keeps the layouts of the batches once more: a store that was restored may lack them. */
  keepAgain(batches: readonly FrameBatch[]): Promise<void>;
  /** Asks the store for those of the hashes that were never met. */
  seek(hashes: Iterable<string>): Promise<void>;
  /** A layout that the store has too. */
  of(hash: string): Layout | undefined;
  /** Why what the gateway announced under that hash cannot be used; `undefined` where it can, or was not met. */
  refusalOf(gateway: string, hash: string): string | undefined;
};

/** Layouts whose rows need wait no longer. */
export type Decided = {
  /** The hashes of those that rows can be read by now, whoever sends them. */
  readonly usable: readonly string[];
  /** Those that cannot be used, each of the gateway that announced it so. */
  readonly refused: readonly RefusedLayout[];
};

export type Announced = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export type LayoutParts = {
  readonly frameStore: Pick<FrameStore, "keepLayout" | "layout" | "incarnation">;
  readonly pace: Clock;
  readonly log: Scope["log"];
};

/** How long a layout that the store does not have is not asked for again. */
const absentMs = 1_000;
const mostRemembered = 20_000;
/** Frames wait while layouts are kept. */
const mostKeptAtOnce = 100;

export function layouts({ frameStore, pace, log }: LayoutParts): Layouts {
  const kept = new Map<string, Layout>();
  const announced = announcedLayouts();
  const absentUntil = new Map<string, number>();
  const refused = refusedLayouts();
  /** Kept, and not told of yet: the store may be lost before the call is over. */
  let untold: string[] = [];

  const remember = (hash: string, layout: Layout) => {
    if (kept.size >= mostRemembered) kept.clear(); // the store has them all
    kept.set(hash, layout);
    absentUntil.delete(hash);
  };

  const keep = async (one: AnnouncedLayout): Promise<boolean> => {
    const { gateway, hash, layout } = one;
    try {
      await frameStore.keepLayout(hash, layout);
    } catch (err) {
      await frameStore.incarnation(); // throws when the store is away
      const isDropped = !announced.postpone(one, pace.now(), isContentRefused(err));
      log.warn({ gateway, layout: hash, isDropped, err }, "the store refuses a layout");
      const reason = err instanceof Error ? err.message : String(err);
      if (isDropped) refused.add(gateway, hash, `the store refuses it: ${reason}`);
      return false;
    }
    remember(hash, layout);
    announced.remove(one);
    return true;
  };

  return {
    async announce(gateway, hash, content) {
      const judged = await judgeLayout(hash, content);
      if (!judged.ok) {
        if (judged.isNamed) refused.add(gateway, hash, judged.reason);
        return { ok: false, reason: judged.reason };
      }
      refused.remove(gateway, hash);
      const isNew = !kept.has(hash) && !announced.has(hash);
      if (isNew && !announced.add({ gateway, hash, layout: judged.layout })) {
        return { ok: false, reason: "too many layouts are announced at once" };
      }
      return { ok: true };
    },

    async keepAnnounced() {
      for (const one of announced.due(pace.now(), mostKeptAtOnce)) {
        if (await keep(one)) untold.push(one.hash);
      }
      const usable = untold;
      untold = [];
      return { usable, refused: refused.takeNews() };
    },

    hasAnnounced: () => announced.due(pace.now(), 1).length > 0,

    async keepAgain(batches) {
      const used = new Set(batches.flatMap(({ frames }) => frames.map(({ layout }) => layout)));
      for (const hash of used) {
        const layout = kept.get(hash);
        if (layout) await frameStore.keepLayout(hash, layout);
      }
    },

    async seek(hashes) {
      for (const hash of hashes) {
        const now = pace.now();
        if (kept.has(hash) || now < (absentUntil.get(hash) ?? 0)) continue;
        const layout = await frameStore.layout(hash);
        if (layout) remember(hash, layout);
        else {
          if (absentUntil.size >= mostRemembered) absentUntil.clear();
          absentUntil.set(hash, now + absentMs);
          log.debug({ layout: hash }, "layout unknown");
        }
      }
    },

    of: (hash) => kept.get(hash),
    refusalOf: refused.reason,
  };
}

type JudgedLayout =
  | { readonly ok: true; readonly layout: Layout }
  /** `isNamed`: its name is one that rows can refer to. */
  | { readonly ok: false; readonly reason: string; readonly isNamed: boolean };

async function judgeLayout(hash: string, content: unknown): Promise<JudgedLayout> {
  const isNamed = LayoutHash.safeParse(hash).success;
  const refused = (reason: string) => ({ ok: false as const, reason, isNamed });
  if (!isNamed) return refused("its name is no hash");
  const withheld = WithheldLayout.safeParse(content);
  if (withheld.success) return refused(withheld.data.withheld);
  const parsed = Layout.safeParse(content);
  if (!parsed.success) return refused(parsed.error.issues[0]?.message ?? "not a layout");
  const { data: layout } = parsed;
  if ((await layoutHash(layout)) !== hash)
    return refused("its name is not the hash of its content");
  const foreign = layout.points.find((point) => !fitsLane(point, layout.lane));
  if (foreign !== undefined) return refused(`${foreign} is no counter`);
  return { ok: true, layout };
}

/** Bills rest on the lane of counters: nothing else may hold it up. */
function fitsLane(point: string, lane: Layout["lane"]): boolean {
  return lane === "values" || cataloguePoint(point)?.kind === "counter";
}
