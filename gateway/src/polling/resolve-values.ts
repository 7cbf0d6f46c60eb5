import type { Flag, Value } from "@sunledger/model";
import { type Decimal, decimalOf, one, times, timesTenTo } from "@sunledger/model/decimal";
import { canonicalValue } from "../modbus/canonical-value.ts";
import type { Said } from "../modbus/plain-value.ts";
import type { RegisterPoint } from "../modbus/register-point.ts";
import { Row } from "../modbus/row.ts";
import type { PolledPoint } from "./polled-point.ts";

export type Resolved = ResolvedValue | { readonly text: string };

export type ResolvedValue = {
  readonly value: Value;
  /** Absent is good. */
  readonly flag?: Flag;
  /** How a good value of a counting register came about. */
  readonly count?: Count;
};

export type Count = {
  readonly register: RegisterPoint;
  /** What the value grows by when the register counts one. */
  readonly step: Decimal;
};

export type Resolver = {
  /** What each point is worth after a round; points that no register gave are left out. */
  resolve(
    points: readonly PolledPoint[],
    decoded: ReadonlyMap<RegisterPoint, Said>,
  ): ReadonlyMap<PolledPoint, Resolved>;
  /** Another device may stand there: what was remembered of this one is not its successor's. */
  forget(): void;
};

/**
 * Turns what registers say into values of points: the preferred register that can be read wins, and
 * transformer ratios are multiplied in. Ratios are remembered: they are read less often than what
 * they apply to. `ratios` are those set by hand; they stand above what the device says. `isFactor`: whether
 * anything is multiplied by a point of that name.
 */
export function resolver(
  ratios: Readonly<Record<string, number>> = {},
  isFactor: (name: string) => boolean = () => true,
): Resolver {
  const byHand = new Map(Object.entries(ratios).map(([name, n]) => [name, decimalOf(n)]));
  const remembered = new Map<string, Decimal>();
  /** The register a counter was last taken from. */
  const steady = new Map<string, RegisterPoint>();

  const factorOf = (name: string) => byHand.get(name) ?? remembered.get(name);

  const remember = ({ candidates }: PolledPoint, decoded: ReadonlyMap<RegisterPoint, Said>) => {
    for (const register of candidates) {
      const result = decoded.get(register);
      const ratio = result && ratioOf(result);
      // A ratio that was not set is no ratio: times 0 every value would be a good one.
      if (!ratio || ratio.digits <= 0n) continue;
      remembered.set(register.name, ratio);
      return;
    }
  };

  const resolveOne = (
    point: PolledPoint,
    decoded: ReadonlyMap<RegisterPoint, Said>,
  ): Resolved | undefined => {
    let best: Resolved | undefined;
    for (const register of point.candidates) {
      const result = resolvedAs(decoded.get(register), point, register, factorOf);
      if (result && !isFlagged(result)) {
        if (point.kind === "counter") steady.set(point.name, register);
        return result;
      }
      best ??= result;
      // A coarser register in its place for one round would make the counter fall and rise again.
      if (isFlagged(result, "failed") && steady.get(point.name) === register) break;
    }
    return best;
  };

  return {
    resolve(points, decoded) {
      for (const point of points) if (isFactor(point.name)) remember(point, decoded);
      const resolved = new Row<PolledPoint, Resolved>(points);
      for (const point of points) {
        const result = resolveOne(point, decoded);
        if (result) resolved.set(point, result);
      }
      return resolved;
    },

    forget() {
      remembered.clear();
      steady.clear();
    },
  };
}

function isCounting({ kind }: PolledPoint): boolean {
  return kind === "counter" || kind === "daily" || kind === "monthly" || kind === "yearly";
}

function isFlagged(result: Resolved | undefined, flag?: Flag): boolean {
  if (!result || "text" in result || result.flag === undefined) return false;
  return flag === undefined || result.flag === flag;
}

function ratioOf(said: Said): Decimal | undefined {
  if ("value" in said) return decimalOf(said.value);
  return "number" in said ? said.number : undefined;
}

function resolvedAs(
  decoded: Said | undefined,
  point: PolledPoint,
  register: RegisterPoint,
  factorOf: (name: string) => Decimal | undefined,
): Resolved | undefined {
  if (!decoded) return;
  if ("value" in decoded) return decoded;
  if ("flag" in decoded) return { value: null, flag: decoded.flag };
  if ("text" in decoded) return { text: decoded.text };
  let { number } = decoded;
  let factors: Decimal = one;
  for (const name of register.multiplyBy) {
    const factor = factorOf(name);
    if (!factor) return { value: null, flag: "failed" };
    number = times(number, factor);
    factors = times(factors, factor);
  }
  const value = canonicalValue(number, point);
  if (value === undefined) return { value: null, flag: "invalid" };
  if (point.lane === "text") return { text: String(value) };
  if (!isCounting(point)) return { value };
  const step = times(timesTenTo(register.scale, decoded.power ?? 0), factors);
  return { value, count: { register, step } };
}
