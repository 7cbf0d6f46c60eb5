import type { AsideCount } from "@sunledger/store";
import { type Finding, well, wrong } from "./finding.ts";

/** What came in so long ago or longer is told, and no longer counts as something to do. */
const newsMs = 24 * 60 * 60 * 1_000;

/** What a gateway sent that was kept aside: wrong while it still comes, told for ever. */
export function judgeAside(
  { gateway, quarantined, reason, conflicts, newest }: AsideCount,
  now: number,
): Finding {
  const seen = [
    ...(quarantined > 0 ? [`${rows(quarantined)} in quarantine, the newest: ${reason}`] : []),
    ...(conflicts > 0
      ? [`${conflicts} ${conflicts === 1 ? "frame differs" : "frames differ"} from one kept before`]
      : []),
  ].join("; ");
  const what = `data of ${gateway}`;
  if (now - newest >= newsMs) {
    return well(what, `${seen}; none since ${new Date(newest).toISOString()}`);
  }
  return wrong(
    what,
    seen,
    quarantined > 0
      ? 'mend what the reason names, then run "sunledger quarantine replay"'
      : "either two devices or gateways share a name, or a file was replayed again after it had changed: " +
          "what was stored first stays, what differs is kept in the table conflict",
  );
}

function rows(count: number): string {
  return count === 1 ? "1 row" : `${count} rows`;
}
