import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Written } from "../kit/format.ts";
import { useFreshnessText } from "../kit/freshness.tsx";
import { Tile } from "../kit/tile.tsx";
import { useFormat } from "../kit/use-format.ts";
import { isCurrent } from "../live/freshness.ts";
import { useMoment } from "../live/use-moment.ts";
import type { Sum } from "./sum.ts";

type FigureTileProps = {
  readonly label: string;
  readonly sum: Sum;
  readonly write: (value: number) => Written;
  /** Where times are told by. */
  readonly zone: string;
  readonly bar?: (value: number | null) => ReactNode;
  /** What the number is compared with while it is current. */
  readonly about?: string;
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

/** What stands under a figure: `of 880 kW · 8 of 8 reporting`, `0 of 8 reporting · stale 43 s`. */
function useFigureText() {
  const { t } = useTranslation();
  const format = useFormat();
  const age = useFreshnessText();
  const { now } = useMoment();

  const why = ({ value, state, reason }: Sum, about: string | undefined) => {
    if (value === null && reason && reason !== "lowCoverage") return t(`kit:reason.${reason}`);
    return value !== null && isCurrent(state) ? about : undefined;
  };
  const covered = ({ coverage, reason }: Sum, counted: boolean | undefined) => {
    if (!coverage || reason === "tooDark") return undefined;
    const reporting = format.count(coverage.reporting);
    const total = format.count(coverage.total);
    return t(counted ? "kit:counted" : "kit:coverage", { reporting, total });
  };
  const old = ({ state, at }: Sum, zone: string) => {
    if (at === null || (state !== "stale" && state !== "offline")) return undefined;
    return age({ state, at, now, zone, short: state === "stale" });
  };
  return (sum: Sum, { zone, about, counted }: Told) =>
    [why(sum, about), covered(sum, counted), old(sum, zone)].filter(Boolean).join(" · ");
}
