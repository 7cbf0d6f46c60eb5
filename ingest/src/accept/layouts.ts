import { Layout, LayoutHash, layoutHash } from "@sunledger/model";
import { cataloguePoint } from "@sunledger/model/points";
import type { Clock, Scope } from "@sunledger/runtime";
import type { FrameBatch, FrameStore } from "@sunledger/store";

/** The layouts that frames are read by. */
export type Layouts = {
  /** Takes an announced layout, or says why it is none. */
  announce(hash: string, content: unknown): Promise<{ ok: true } | { ok: false; reason: string }>;
  /** Keeps in the store what was announced since; returns the hashes that are usable now. */
  keepAnnounced(): Promise<readonly string[]>;
  /** Keeps the layouts of the batches once more: a store that was restored may lack them. */
  keepAgain(batches: readonly FrameBatch[]): Promise<void>;
  /** Asks the store for those of the hashes that were never met. */
  seek(hashes: Iterable<string>): Promise<void>;
  /** A layout that the store has too. */
  of(hash: string): Layout | undefined;
};

export type LayoutParts = {
  readonly frameStore: Pick<FrameStore, "keepLayout" | "layout">;
  readonly pace: Clock;
  readonly log: Scope["log"];
};

/** How long a layout that the store does not have is not asked for again. */
const absentMs = 1_000;
const mostRemembered = 20_000;

export function layouts({ frameStore, pace, log }: LayoutParts): Layouts {
  const kept = new Map<string, Layout>();
  const announced = new Map<string, Layout>();
  const absentUntil = new Map<string, number>();

  const remember = (hash: string, layout: Layout) => {
    if (kept.size >= mostRemembered) kept.clear(); // the store has them all
    kept.set(hash, layout);
    absentUntil.delete(hash);
  };

  return {
    async announce(hash, content) {
      const judged = await judgeLayout(hash, content);
      if (!judged.ok) return judged;
      if (kept.has(hash) || announced.has(hash)) return { ok: true };
      if (announced.size >= mostRemembered) {
        return { ok: false, reason: "too many layouts are announced at once" };
      }
      announced.set(hash, judged.layout);
      return { ok: true };
    },

    async keepAnnounced() {
      const usable: string[] = [];
      for (const [hash, layout] of announced) {
        await frameStore.keepLayout(hash, layout);
        remember(hash, layout);
        announced.delete(hash);
        usable.push(hash);
      }
      return usable;
    },

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
  };
}

type JudgedLayout = { ok: true; layout: Layout } | { ok: false; reason: string };

async function judgeLayout(hash: string, content: unknown): Promise<JudgedLayout> {
  const refused = (reason: string) => ({ ok: false as const, reason });
  if (!LayoutHash.safeParse(hash).success) return refused("its name is no hash");
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
