/** Whole numbers up to this size, of either sign, keep every residue exact. */
export const greatestInteger = 2 ** 50;

/** From what a number is foretold: what is left over is written, and is small when the guess is good. */
export type Guess = 0 | 1 | 2 | 3;
// 0: nothing; 1: the one before; 2: the one before and its step, as of counters and clocks;
// 3: the mean of the four before, as of what trembles: a difference of two would tremble more.

/** Integers as the first of them and what is left over by the best guess, folded so that none is negative. */
export type Residues = {
  readonly guess: Guess;
  /** Folded, too. */
  readonly first: number;
  readonly folded: Float64Array;
};

export function residuesOf(integers: Float64Array): Residues {
  const guess = bestGuess(integers);
  const folded = new Float64Array(integers.length);
  const first = integers[0] ?? 0;
  let [a, b, c, d] = [first, first, first, first]; // the four before, the last one first
  for (let n = 0; n < integers.length; n += 1) {
    const value = integers[n] as number;
    folded[n] = fold(value - guessed(guess, a, b, c, d));
    d = c;
    c = b;
    b = a;
    a = value;
  }
  return { guess, first: fold(first), folded };
}

function fold(left: number): number {
  return left < 0 ? -2 * left - 1 : 2 * left;
}

function unfold(folded: number): number {
  const half = Math.floor(folded / 2);
  return 2 * half === folded ? half : -half - 1;
}

/** The integers that the residues were made of, each divided by `divisor`, at the front of `into`. */
export function readResidues(
  { guess, first, folded }: Residues,
  into: Float64Array,
  divisor: number,
): void {
  const start = unfold(first);
  let [a, b, c, d] = [start, start, start, start];
  for (let n = 0; n < folded.length; n += 1) {
    const value = unfold(folded[n] as number) + guessed(guess, a, b, c, d);
    into[n] = value / divisor;
    d = c;
    c = b;
    b = a;
    a = value;
  }
}

function guessed(guess: Guess, a: number, b: number, c: number, d: number): number {
  if (guess === 1) return a;
  if (guess === 2) return 2 * a - b;
  return guess === 3 ? Math.floor((a + b + c + d) / 4) : 0;
}

const samples = 8;
const sampleLength = 128;

/** The guess that leaves the least over in sum, judged by some stretches. */
function bestGuess(integers: Float64Array): Guess {
  const left: Left = [0, 0, 0, 0];
  const stride = Math.max(sampleLength, Math.ceil(integers.length / samples));
  for (let start = 0; start < integers.length; start += stride) {
    addLeft(left, integers.subarray(start, start + sampleLength));
  }
  return left.indexOf(Math.min(...left)) as Guess;
}

type Left = [number, number, number, number];

function addLeft(left: Left, stretch: Float64Array): void {
  const first = stretch[0] ?? 0;
  let [a, b, c, d] = [first, first, first, first];
  for (let n = 0; n < stretch.length; n += 1) {
    const value = stretch[n] as number;
    left[0] += Math.abs(value);
    left[1] += Math.abs(value - a);
    left[2] += Math.abs(value - 2 * a + b);
    left[3] += Math.abs(value - Math.floor((a + b + c + d) / 4));
    d = c;
    c = b;
    b = a;
    a = value;
  }
}
