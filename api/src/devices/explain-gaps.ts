import type { CurveGap } from "@sunledger/model";
import type { Place } from "@sunledger/model/performance";
import type { Records } from "@sunledger/store";
import type { KeptFrames } from "../frames/kept-frames.ts";
import type { SeenWindow } from "../frames/seen-window.ts";
import type { DeviceNow } from "./device-now.ts";
import { closedGapReason, isSilent } from "./gap-reason.ts";
import { heardBefore } from "./heard-before.ts";
import { sleepSpansOf } from "./sleep-spans.ts";
import { isInverter, polledBeside, witnessesOf } from "./witnesses.ts";

/** A point of devices and where it has no values. */
type Gappy = { readonly point: string; readonly gaps: readonly CurveGap[] };

export type GapCase = {
  readonly records: Pick<Records, "events">;
  readonly frames: KeptFrames;
  readonly organisation: string;
  /** Where they stand: by it is known when it was dark. */
  readonly place: Place;
  readonly window: SeenWindow;
  /** Whose values are missing: one device, or several that make one series. */
  readonly silent: readonly DeviceNow[];
  /** All devices of their plant. */
  readonly all: () => Promise<readonly DeviceNow[]>;
};

/** The series with the reasons of gaps that are over, as far as others' values or events tell them. */
export async function explainGaps<S extends Gappy>(
  series: readonly S[],
  { records, frames, organisation, place, window, silent, all }: GapCase,
): Promise<readonly S[]> {
  const devices = silent.map(({ device }) => device.id);
  const known = new Set<string>();
  for (const { point, gaps } of series) {
    if (!gaps.some(({ from }) => from <= window.from)) continue;
    const wasHeard = heardBefore({ frames, organisation, devices, point, at: window.from });
    if (await wasHeard) known.add(point);
  }
  const isUnexplained = (gap: CurveGap, { point }: Gappy) =>
    gap.reason === "noData" &&
    (gap.from > window.from || known.has(point)) &&
    (gap.to < window.present || !window.isNow);
  if (!series.some((one) => one.gaps.some((gap) => isUnexplained(gap, one)))) return series;

  const beside = polledBeside(silent, await all());
  const [one, ...more] = silent;
  // Several that fall silent together tell of their gateway as well; one alone only of itself.
  const asked = more.length > 0 ? [...beside, ...silent] : [...silent, ...beside];
  const witnesses = new Map(await witnessesOf(asked, { frames, organisation, window }));
  const own = more.length === 0 ? witnesses.get(one?.device.id ?? "") : undefined;
  const others = [...witnesses.values()].filter((witness) => witness !== own);
  const slept = await sleepSpansOf({ records, organisation, devices, window });
  const mayBe = silent.every(isInverter);

  const explained = (gap: CurveGap): CurveGap => {
    // The device itself did answer: it is the point that has no value.
    if (own && !isSilent(own.gaps, gap)) return gap;
    const wasTold = slept.length > 0 && slept.every((spans) => isSilent(spans, gap));
    return { ...gap, reason: closedGapReason(gap, { mayBe, wasTold }, others, place) };
  };
  return series.map((one) => ({
    ...one,
    gaps: one.gaps.map((gap) => (isUnexplained(gap, one) ? explained(gap) : gap)),
  }));
}
