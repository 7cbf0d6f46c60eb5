import type { Range, Ranges } from "@sunledger/model";

/** Settled numbers as an `int8multirange`: `{[1,5),[7,9)}`. */
export function multirangeText(ranges: Ranges): string {
  return `{${ranges.map(([from, to]) => `[${from},${to}]`).join(",")}}`;
}

/** PostgreSQL writes every range with its end outside. */
export function readMultirange(text: string): Ranges {
  return Array.from(
    text.matchAll(/\[(-?\d+),(-?\d+)\)/g),
    ([, from, end]): Range => [Number(from), Number(end) - 1],
  );
}
