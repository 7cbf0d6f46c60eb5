import { decimalOf, decimalText } from "@sunledger/model/decimal";

export type Ramp = {
  readonly from: number;
  readonly to: number;
  /** No faster than by so much a second. */
  readonly perSecond: number;
  /** Values between are whole multiples of this. */
  readonly step: number;
};

/** So many steps at most: a ramp of hours belongs to a plan, not to one order. */
const mostSteps = 3_600;

/** The values of a ramp, one a second, the last one its end. It is never faster than asked for. */
export function rampSteps({ from, to, perSecond, step }: Ramp): number[] {
  const sign = to < from ? -1 : 1;
  const distance = Math.abs(to - from);
  const seconds = Math.min(Math.ceil(distance / perSecond), mostSteps);
  const values: number[] = [];
  for (let second = 1; second < seconds; second += 1) {
    const value = onStep(from + sign * Math.floor((second * perSecond) / step) * step, step);
    const isBetween = sign * (to - value) > 0 && sign * (value - from) > 0;
    if (isBetween && value !== values.at(-1)) values.push(value);
  }
  return [...values, to];
}

/** The multiple of a step next to a value, towards zero where it lies between, without binary noise. */
function onStep(value: number, step: number): number {
  const { exponent } = decimalOf(step);
  const steps = Math.trunc(value / step + (value < 0 ? -1e-9 : 1e-9));
  const { digits } = decimalOf(step);
  return Number(decimalText({ digits: BigInt(steps) * digits, exponent }));
}
