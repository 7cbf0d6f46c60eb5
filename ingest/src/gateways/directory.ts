import type { Clock, Scope } from "@sunledger/runtime";
import type { GatewayEntry, Records } from "@sunledger/store";
import { RecordsAway } from "./records-away.ts";

/** Who the gateways are, remembered for a while. */
export type Directory = {
  /** Throws `RecordsAway` while they are and the gateway was never met. */
  sender(gateway: string): Promise<GatewayEntry | undefined>;
  /** The entry read anew since a device is missing in it, unless that was done just now. */
  renewed(entry: GatewayEntry): Promise<GatewayEntry>;
};

export type DirectoryParts = {
  readonly records: Pick<Records, "gatewayEntry">;
  readonly pace: Clock;
  readonly log: Scope["log"];
  /** Hears each entry as it is read. */
  readonly onRead?: (entry: GatewayEntry) => void;
};

const believedMs = 30_000;
/** Soonest another look for a gateway or device that was not there: a new one works within 5 s. */
const lookAgainMs = 2_000;
const mostRemembered = 20_000;

export function directory({ records, pace, log, onRead }: DirectoryParts): Directory {
  type Known = { readonly entry: GatewayEntry | undefined; readonly at: number };
  const known = new Map<string, Known>();

  const look = async (gateway: string, before: Known | undefined): Promise<Known> => {
    const at = pace.now();
    try {
      const found = { entry: await records.gatewayEntry(gateway), at };
      if (known.size >= mostRemembered) known.clear();
      known.set(gateway, found);
      if (found.entry) onRead?.(found.entry);
      return found;
    } catch (error) {
      if (!before?.entry) throw new RecordsAway(gateway, error);
      // Frames of a known gateway need no records: go on by what is known, ask again soon.
      log.warn({ gateway, err: error }, "records away, going on by what is known");
      const kept = { entry: before.entry, at: at - believedMs + lookAgainMs };
      known.set(gateway, kept);
      return kept;
    }
  };

  const ageOf = ({ at }: Known) => pace.now() - at;

  return {
    async sender(gateway) {
      const before = known.get(gateway);
      const limit = before?.entry ? believedMs : lookAgainMs;
      if (before && ageOf(before) < limit) return before.entry;
      return (await look(gateway, before)).entry;
    },

    async renewed(entry) {
      const before = known.get(entry.id);
      if (before && ageOf(before) < lookAgainMs) return before.entry ?? entry;
      return (await look(entry.id, before)).entry ?? entry;
    },
  };
}
