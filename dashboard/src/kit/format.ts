import { wallTime } from "./plant-time.ts";

/** The one place that writes numbers, units, dates and durations as text. */
export type Format = ReturnType<typeof formatsOf>;

/** A number and its unit apart, so that a tile can set them in different sizes. */
export type Written = { readonly number: string; readonly unit: string };

export const thinSpace = "\u2009";
export const missing = "—";

/** A unit as the catalogue names it to how people read it. */
const unitSigns: Record<string, string> = {
  percent: "%",
  degC: "°C",
  "W/m2": "W/m²",
  "Wh/m2": "Wh/m²",
  deg: "°",
  ohm: "Ω",
  ratio: "",
  m3: "m³",
  "m3/h": "m³/h",
};

const scaled: Record<string, readonly string[]> = {
  W: ["W", "kW", "MW", "GW"],
  var: ["var", "kvar", "Mvar", "Gvar"],
  VA: ["VA", "kVA", "MVA", "GVA"],
  Wh: ["Wh", "kWh", "MWh", "GWh"],
  varh: ["varh", "kvarh", "Mvarh", "Gvarh"],
  ohm: ["Ω", "kΩ", "MΩ", "GΩ"],
};

export type Scale = { readonly factor: number; readonly unit: string };

/** The scale that a value of that size is shown in: kW under a megawatt, then MW. */
export function scaleOf(unit: string, magnitude: number): Scale {
  const steps = scaled[unit];
  if (!steps) return plainScale(unit);
  const size = Math.abs(magnitude);
  // Power under a kilowatt stays in kilowatts: a column of plants keeps one unit. No energy is one
  // of no kilowatt-hours, which is what a day begins with.
  const least = unit === "ohm" || (isEnergy(unit) && size > 0) ? 0 : 1;
  const step = Math.max(least, size >= 1e9 ? 3 : size >= 1e6 ? 2 : size >= 1e3 ? 1 : 0);
  return { factor: 10 ** (3 * step), unit: steps[step] ?? unit };
}

function isEnergy(unit: string): boolean {
  return unit === "Wh" || unit === "varh";
}

/** A unit as it is, in no scale. */
export function plainScale(unit: string): Scale {
  return { factor: 1, unit: unitSigns[unit] ?? unit };
}

export function formatsOf(locale: string) {
  const numbers = new Map<string, Intl.NumberFormat>();

  const written = (value: number, options: Intl.NumberFormatOptions): string => {
    const key = JSON.stringify(options);
    let format = numbers.get(key);
    if (!format) {
      format = new Intl.NumberFormat(locale, options);
      numbers.set(key, format);
    }
    return format.format(value).replace("-", "−");
  };

  // Day before month in English too: American dates are read wrong elsewhere.
  const calendar = (timeZone: string, at: number, parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, { timeZone, ...parts }).format(at);

  const fixed = (value: number, digits: number) =>
    written(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });

  /** Four significant digits, never an exponent, nor a place that the value did not come with. */
  const inScale = (value: number, { factor, unit }: Scale): Written => ({
    number: fixed(
      value / factor,
      Math.min(placesOfFour(value / factor), placesOf(value) + Math.log10(factor)),
    ),
    unit,
  });

  /** As many places as a count has in that scale, of four significant digits at most. */
  const counted = (value: number, { factor, unit }: Scale, count: number): Written => ({
    number: fixed(value / factor, Math.min(placesOfFour(value / factor), placesOf(count / factor))),
    unit,
  });

  return {
    locale,
    /** A whole number. */
    count: (value: number) => written(value, { maximumFractionDigits: 0 }),
    /** As few places as the number needs: for axes. */
    short: (value: number) => written(value, { maximumFractionDigits: 3 }),
    fixed,
    /** With a sign unless it is zero. */
    signed: (value: number, digits: number) =>
      written(value, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        signDisplay: "exceptZero",
      }),
    /** A ratio of one as percent with one decimal. */
    percent: (ratio: number, digits = 1): Written => ({
      number: fixed(ratio * 100, digits),
      unit: "%",
    }),
    /** A measured value in the scale that fits it. */
    measure: (
      value: number,
      unit: string,
      scale = scaleOf(unit, value),
      /** What it was counted in: no place is shown that a count does not reach. */
      count?: number,
    ): Written => {
      if (count !== undefined)
        return counted(value, scaled[unit] ? scale : plainScale(unit), count);
      if (!scaled[unit]) return plain(value, unit, fixed);
      if (value === 0 && isEnergy(unit)) return { number: fixed(0, 1), unit: scale.unit };
      return inScale(value, scale);
    },
    /** A value at an axis: in its scale, with as few places as it needs. */
    axis: (value: number, unit: string): Written => {
      const { factor, unit: sign } = scaleOf(unit, value);
      return { number: written(value / factor, { maximumFractionDigits: 3 }), unit: sign };
    },
    /** A value of a register: a decimal string keeps every digit. */
    exact: (value: string) => groupDigits(value, locale),

    clock: (zone: string, at: number, seconds = true) => clockText(zone, at, seconds),
    /** To the millisecond: of what goes over a line. */
    instant: (zone: string, at: number) =>
      `${clockText(zone, at, true)}.${String(at % 1_000).padStart(3, "0")}`,
    date: (zone: string, at: number) => dateText(zone, at),
    dateTime: (zone: string, at: number) => `${dateText(zone, at)} ${clockText(zone, at, true)}`,
    /** `22 Nov`, `11月22日`. */
    dayMonth: (zone: string, at: number) =>
      calendar(zone, at, { day: "numeric", month: locale === "en" ? "short" : "long" }),
    /** `22 November 2026`, `2026年11月22日`. */
    fullDate: (zone: string, at: number) =>
      calendar(zone, at, { day: "numeric", month: "long", year: "numeric" }),
    /** `November 2026`, `2026年11月`. */
    month: (zone: string, at: number) => calendar(zone, at, { month: "long", year: "numeric" }),
  };
}

/** A number that is in doubt; no sign touches the mark. */
export function inDoubt(number: string): string {
  return `${doubtMark(number)}${number}`;
}

/** What stands before a number that is in doubt. */
export function doubtMark(number: string): string {
  return number.startsWith("−") ? `~${thinSpace}` : "~";
}

/** Number and unit in one text. */
export function joined({ number, unit }: Written): string {
  return unit === "" ? number : `${number}${thinSpace}${unit}`;
}

/** The two largest parts of a duration: what people say. */
export function durationParts(ms: number): {
  readonly key: string;
  readonly values: Readonly<Record<string, number>>;
} {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (seconds < 60) return { key: "seconds", values: { seconds } };
  if (minutes < 60) return { key: "minutes", values: { minutes } };
  if (hours < 24) return { key: "hours", values: { hours, minutes: minutes % 60 } };
  return { key: "days", values: { days: Math.floor(hours / 24), hours: hours % 24 } };
}

function plain(
  value: number,
  unit: string,
  fixed: (value: number, digits: number) => string,
): Written {
  return { number: fixed(value, digitsOf(value, unit)), unit: unitSigns[unit] ?? unit };
}

function digitsOf(value: number, unit: string): number {
  switch (unit) {
    case "W/m2":
      return 0;
    case "percent":
    case "degC":
    case "V":
    case "deg":
    case "m/s":
      return 1;
    case "Hz":
      return 2;
    // One as of a voltage; a second only of what is read in hundredths.
    case "A":
      return Math.min(2, placesOfFour(value), Math.max(1, placesOf(value)));
    case "ratio":
      return 3;
    default:
      return Number.isInteger(value) ? 0 : 3;
  }
}

/** The places that four significant digits need, at most three. */
function placesOfFour(value: number): number {
  const size = Math.abs(value);
  return size >= 1_000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
}

/** The places that a number has of itself. */
function placesOf(value: number): number {
  const [digits = "", exponent = "0"] = String(value).split("e");
  return Math.max(0, (digits.split(".")[1]?.length ?? 0) - Number(exponent));
}

function groupDigits(decimal: string, locale: string): string {
  const [, sign = "", whole = "", rest = ""] = /^(-?)(\d+)(\.\d+)?$/.exec(decimal) ?? [];
  if (whole === "") return decimal;
  return `${sign === "-" ? "−" : ""}${new Intl.NumberFormat(locale).format(BigInt(whole))}${rest}`;
}

function clockText(zone: string, at: number, seconds: boolean): string {
  const time = wallTime(zone, at);
  const parts = seconds ? [time.hour, time.minute, time.second] : [time.hour, time.minute];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

function dateText(zone: string, at: number): string {
  const { year, month, day } = wallTime(zone, at);
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}
