import { type Ack, type Layout, mostRefusedLayouts, type RefusedLayouts } from "@sunledger/model";
import type { Scope } from "@sunledger/runtime";

/** The layouts whose rows the platform puts into quarantine: told once in the log, and in every status. */
export interface RefusedByPlatform {
  /** Takes in what an ack says of them; answers whether that is news. */
  hear(ack: Ack): boolean;
  /** They are announced anew: who refuses one still says so when it is used. */
  forget(): void;
  /** `undefined` where there is none. */
  told(): RefusedLayouts | undefined;
}

type Parts = {
  readonly layouts: () => ReadonlyMap<string, Layout>;
  readonly log: Scope["log"];
};

export function refusedByPlatform({ layouts, log }: Parts): RefusedByPlatform {
  const refused = new Map<string, string>();
  /** What was logged in this life. */
  const logged = new Map<string, string>();

  return {
    hear({ refused: said = {} }) {
      let isNews = false;
      for (const [layout, reason] of Object.entries(said)) {
        if (refused.get(layout) === reason || refused.size >= mostRefusedLayouts) continue;
        refused.set(layout, reason);
        isNews = true;
        if (logged.get(layout) === reason) continue;
        logged.set(layout, reason);
        const { lane, points = [] } = layouts().get(layout) ?? {};
        log.error(
          { layout, lane, points: points.length, reason },
          "the platform cannot use a layout: what is measured by it goes to quarantine there",
        );
      }
      return isNews;
    },
    forget: () => refused.clear(),
    told: () => (refused.size > 0 ? Object.fromEntries(refused) : undefined),
  };
}
