import type { Value } from "@sunledger/model";
import { joined, missing, plainScale, type Scale, type Written } from "../kit/format.ts";
import { useFormat } from "../kit/use-format.ts";

/** A register's value as text: a large counter with every digit, nothing finer than its counts. */
export function useWriteValue() {
  const format = useFormat();
  return (value: Value, unit: string, count?: number): Written | undefined => {
    if (value === null) return undefined;
    if (typeof value === "string") return { number: format.exact(value), unit };
    if (unit === "Wh" || unit === "varh") {
      const kilo = unit === "Wh" ? "kWh" : "kvarh";
      const places = count === undefined ? 2 : Math.max(0, Math.ceil(3 - Math.log10(count)));
      return { number: format.fixed(value / 1_000, Math.min(3, places)), unit: kilo };
    }
    return format.measure(value, unit, undefined, count);
  };
}

/** A value in the scale of its column, its unit left to the head; a counter to ten of its base unit. */
export function useWriteNumber() {
  const format = useFormat();
  return (value: number, unit: string, scale: Scale): string => {
    if (unit !== "Wh" && unit !== "varh") return format.measure(value, unit, scale).number;
    return format.fixed(value / scale.factor, Math.max(0, Math.log10(scale.factor) - 1));
  };
}

/** A value with every digit it came with, in the unit of the catalogue. */
export function useWriteBase() {
  const format = useFormat();
  return (value: Value, unit: string): string =>
    value === null
      ? missing
      : joined({ number: format.exact(String(value)), unit: plainScale(unit).unit });
}
