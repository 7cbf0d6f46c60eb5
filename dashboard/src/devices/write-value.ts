import type { Value } from "@sunledger/model";
import type { Written } from "../kit/format.ts";
import { useFormat } from "../kit/use-format.ts";

/** A register's value as text: a state by its label, a large counter with every digit. */
export function useWriteValue() {
  const format = useFormat();
  return (
    value: Value,
    unit: string,
    states?: Readonly<Record<string, string>> | undefined,
  ): Written | undefined => {
    if (value === null) return undefined;
    const state = states?.[String(value)];
    if (state !== undefined) return { number: state, unit: "" };
    if (typeof value === "string") return { number: format.exact(value), unit };
    if (unit === "Wh" || unit === "varh") {
      const kilo = unit === "Wh" ? "kWh" : "kvarh";
      return { number: format.fixed(value / 1_000, 2), unit: kilo };
    }
    return format.measure(value, unit);
  };
}
