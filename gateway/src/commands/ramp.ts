import { decimalOf, decimalText } from "@sunledger/model/decimal";

export type Ramp = {
  readonly from: number;
  readonly to: number;
  /** No faster than by so much a second. */
  readonly perSecond: number;
  /** Values between are whole multiples of this. */
  readonly step: number;
};

/** So long at most: a ramp of hours belongs to a plan, not to one order. */
export const longestRampS = 3_600;

/** How long a ramp takes, in whole seconds, at least one. */
export function rampSeconds({ from, to, perSecond }: Omit<Ramp, "step">): number {
  return Math.max(1, Math.ceil(Math.abs(to - from) / perSecond));
}

/** A value on the way, and in which second of the ramp it is due, from 1. */
export type RampValue = { readonly value: number; readonly second: number };

/** The values of a ramp, one a second at most, the last one its end. It is never faster than asked for. */
export function rampSteps({ step, ...ramp }: Ramp): RampValue[] {
  const { from, to, perSecond } = ramp;
  const sign = to < from ? -1 : 1;
  const seconds = rampSeconds(ramp);
  const values: RampValue[] = [];
  for (let second = 1; second < seconds; second += 1) {
    const value = onStep(from + sign * Math.floor((second * perSecond) / step) * step, step);
    const isBetween = sign * (to - value) > 0 && sign * (value - from) > 0;
    if (isBetween && value !== values.at(-1)?.value) values.push({ value, second });
  }
  return [...values, { value: to, second: seconds }];
}

/** The multiple of a step next to a value, towards zero where it lies between, without binary noise. */
function onStep(value: number, step: number): number {
  const { exponent } = decimalOf(step);
  const steps = Math.trunc(value / step + (value < 0 ? -1e-9 : 1e-9));
  const { digits } = decimalOf(step);
  return Number(decimalText({ digits: BigInt(steps) * digits, exponent }));
}
