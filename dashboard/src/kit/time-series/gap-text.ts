import type { CurveGap } from "@sunledger/model";
import type { TFunction } from "i18next";
import type { Format } from "../format.ts";
import { localDate, type Span } from "../plant-time.ts";
import type { Gap } from "./spec.ts";

type Telling = { readonly t: TFunction; readonly format: Format; readonly zone: string };

/**
 * The gaps of a picture with what is said of them: `no data 10:00–21:00 (gateway)`, with the days where
 * the picture shows several. None reaches beyond `now`, where nothing can be missing yet.
 */
export function gapsIn(
  picture: Span & { readonly now: number | undefined },
  gaps: readonly CurveGap[],
  { t, format, zone }: Telling,
): readonly Gap[] {
  const dayOf = (at: number) => localDate(zone, at);
  const oneDay = dayOf(picture.from) === dayOf(picture.to - 1);
  const clock = (at: number) => format.clock(zone, at, false);
  const dated = (at: number) => `${format.dayMonth(zone, at)} ${clock(at)}`;
  return gaps.flatMap(({ from, to: end, reason }) => {
    const to = Math.min(end, picture.now ?? end);
    if (from >= to) return [];
    const said = {
      from: oneDay ? clock(from) : dated(from),
      to: oneDay || dayOf(from) === dayOf(to) ? clock(to) : dated(to),
      reason: t(`kit:gap.${reason}`),
    };
    return { from, to, isCalm: reason === "asleep", reason: t("kit:gap", said) };
  });
}
