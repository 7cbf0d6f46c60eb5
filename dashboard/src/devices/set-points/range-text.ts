import type { SetPointRules } from "@sunledger/model";

/** The bounds of a set-point as people read them. */
export function rangeText(
  { min, max, step, allowed }: Pick<SetPointRules, "min" | "max" | "step" | "allowed">,
  t: (key: string, values: Readonly<Record<string, unknown>>) => string,
): string {
  if (allowed) {
    const values = allowed.map(({ value, label }) => (label ? `${value} (${label})` : value));
    return t("setpoint:range.allowed", { values: values.join(", ") });
  }
  const parts = [
    min !== undefined && t("setpoint:range.from", { min }),
    max !== undefined && t("setpoint:range.to", { max }),
    step !== undefined && t("setpoint:range.step", { step }),
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(", ") : t("setpoint:range.none", {});
}
