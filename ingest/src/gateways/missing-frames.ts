import { type Balance, Lane } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { Condition, Conditions } from "@sunledger/store";

export type MissingFrames = {
  /** Keeps what a comparison has come to; the same again is kept once. */
  note(organisation: string, gateway: string, balances: readonly Balance[]): Promise<void>;
};

const kind = "frames_missing";
const mostLasting = 1_000;

/**
 * Keeps as a condition since when, and until when, acknowledged frames of a gateway's lane are not among what is
 * settled (D-13). What lasts is taken up again after a restart.
 */
export function missingFrames(conditions: Conditions, clock: Pick<Clock, "now">): MissingFrames {
  /** What lasts, by organisation, gateway and lane. */
  const lasting = new Map<string, Map<string, Condition>>();

  const lastingOf = async (organisation: string) => {
    const known = lasting.get(organisation);
    if (known) return known;
    const [from, to] = [clock.now(), clock.now() + 1];
    const all = await conditions.of({ organisation, kind, from, to, most: mostLasting });
    const own = new Map(
      all
        .filter(({ end }) => end === undefined)
        .map((one) => [nameOf(one.subject, one.channel), one]),
    );
    lasting.set(organisation, own);
    return own;
  };

  return {
    async note(organisation, gateway, balances) {
      const open = await lastingOf(organisation);
      for (const lane of Lane.options) {
        const whole = balances.find((one) => one.lane === lane && one.hour === undefined);
        if (!whole) continue;
        const name = nameOf(gateway, lane);
        const before = open.get(name);
        const next = judge(before, { gateway, lane, whole, balances, now: clock.now() });
        if (!next) continue;
        await conditions.keep(organisation, clock.now(), [next]);
        if (next.end === undefined) open.set(name, next);
        else open.delete(name);
      }
    },
  };
}

type Found = {
  readonly gateway: string;
  readonly lane: Lane;
  readonly whole: Balance;
  readonly balances: readonly Balance[];
  readonly now: number;
};

/** What is to be kept now; nothing where nothing has changed. */
function judge(
  before: Condition | undefined,
  { gateway, lane, whole, balances, now }: Found,
): Condition | undefined {
  const { missing } = whole;
  if (missing === 0) return before && { ...before, end: now };
  if (before?.evidence.missing === missing) return undefined;
  const hours = balances.flatMap((one) =>
    one.lane === lane && one.hour !== undefined ? [{ hour: one.hour, missing: one.missing }] : [],
  );
  const start = before?.start ?? now;
  return { subject: gateway, kind, channel: lane, start, evidence: { missing, hours } };
}

function nameOf(gateway: string, lane: string): string {
  return `${gateway}/${lane}`;
}
