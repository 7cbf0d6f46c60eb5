import { type Balance, Lane } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { Condition, Conditions } from "@sunledger/store";

export type MissingFrames = {
  /** Keeps what a comparison has come to; the same again is kept once. */
  note(organisation: string, gateway: string, balances: readonly Balance[]): Promise<void>;
};

const kind = "frames_missing";
/** More gateways than an organisation may have lack frames at once. */
const mostLasting = 100_000;

/**
 * Keeps as a condition since when, and until when, acknowledged frames of a gateway's lane are not among what is
 * settled (D-13). What lasts is taken up again after a restart.
 */
export function missingFrames(conditions: Conditions, clock: Pick<Clock, "now">): MissingFrames {
  /** What lasts, by gateway and lane, of each organisation. */
  const lasting = new Map<string, Promise<Map<string, Condition>>>();
  /** Of an organisation one comparison is noted after the other. */
  const turns = new Map<string, Promise<void>>();

  const readLasting = async (organisation: string) => {
    const [from, to] = [clock.now(), clock.now() + 1];
    const all = await conditions.of({ organisation, kind, from, to, most: mostLasting });
    const open = all.filter(({ end }) => end === undefined);
    return new Map(open.map((one) => [nameOf(one.subject, one.channel), one]));
  };

  const lastingOf = (organisation: string) => {
    const known = lasting.get(organisation) ?? readLasting(organisation);
    lasting.set(organisation, known);
    known.catch(() => lasting.delete(organisation)); // asked again by the next
    return known;
  };

  const note = async (organisation: string, gateway: string, balances: readonly Balance[]) => {
    const open = await lastingOf(organisation);
    for (const lane of Lane.options) {
      const whole = balances.find((one) => one.lane === lane && one.hour === undefined);
      if (!whole) continue;
      const name = nameOf(gateway, lane);
      const next = judge(open.get(name), { gateway, lane, whole, balances, now: clock.now() });
      if (!next) continue;
      await conditions.keep(organisation, clock.now(), [next]);
      if (next.end === undefined) open.set(name, next);
      else open.delete(name);
    }
  };

  return {
    note(organisation, gateway, balances) {
      const before = turns.get(organisation) ?? Promise.resolve();
      const noted = before.then(() => note(organisation, gateway, balances));
      turns.set(
        organisation,
        noted.catch(() => {}), // told to who noted
      );
      return noted;
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
