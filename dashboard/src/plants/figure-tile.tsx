import { certainShare, type Freshness, shareOf } from "@sunledger/model";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Written } from "../kit/format.ts";
import { useFreshnessText } from "../kit/freshness.tsx";
import { Tile } from "../kit/tile.tsx";
import { useFormat } from "../kit/use-format.ts";
import { isKnown } from "../live/freshness.ts";
import { useMoment } from "../live/use-moment.ts";
import { useCoverageText } from "./coverage-text.ts";
import type { Sum } from "./sum.ts";

type FigureTileProps = {
  readonly label: string;
  readonly sum: Sum;
  readonly write: (value: number) => Written;
  /** Where times are told by. */
  readonly zone: string;
  readonly bar?: (value: number | null) => ReactNode;
  /** What the number is compared with while it is current. */
  readonly about?: string | undefined;
  /** A figure of the day: its devices are those counted, whether they report now or not. */
  readonly counted?: boolean;
};

/** One figure over devices: its value as sure and as fresh as it is, and over how many. */
export function FigureTile({ label, sum, write, bar, ...told }: FigureTileProps) {
  const tell = useFigureText();
  const { value, state, doubtful } = sum;
  return (
    <Tile
      label={label}
      written={value === null ? undefined : write(value)}
      state={state}
      uncertain={doubtful}
      bar={bar?.(value)}
      sub={tell(sum, told)}
    />
  );
}

type Told = Pick<FigureTileProps, "zone" | "about" | "counted">;

/** What stands under a figure: `of 880 kW · 8 of 8 reporting`, `of 880 kW · all 8 asleep`, `0 of 8 · stale 43 s`. */
function useFigureText() {
  const { t } = useTranslation();
  const format = useFormat();
  const age = useFreshnessText();
  const cover = useCoverageText();
  const { now } = useMoment();

  const why = ({ value, state, reason }: Sum, about: string | undefined) => {
    // Whoever does not report at all is said to: nothing else has to be said of no data.
    const said = reason === "lowCoverage" || (reason === "noData" && isSilent(state));
    if (reason && !said) return t(`kit:reason.${reason}`);
    return value !== null && isKnown(state) ? about : undefined;
  };
  const covered = ({ coverage, reason, doubtful, state }: Sum, counted: boolean | undefined) => {
    if (!coverage || reason === "tooDark" || state === "imported") return undefined;
    if (!counted) return cover(coverage, isSilent(state));
    const old = doubtful && !reason && shareOf(coverage) >= certainShare;
    return t(old ? "kit:counted.old" : "kit:counted", {
      reporting: format.count(coverage.reporting + (coverage.asleep ?? 0)),
      total: format.count(coverage.total),
    });
  };
  const old = ({ state, at }: Sum, zone: string, counted: boolean | undefined) => {
    if (at === null || !(isSilent(state) || (counted && state === "late"))) return undefined;
    return age({ state, at, now, zone, short: state === "stale" });
  };
  return (sum: Sum, { zone, about, counted }: Told) =>
    [why(sum, about), covered(sum, counted), old(sum, zone, counted)].filter(Boolean).join(" · ");
}

function isSilent(state: Freshness): boolean {
  return state === "stale" || state === "offline" || state === "imported";
}
