/** The registers of a number as a device of big-endian words holds them, from its own bits. */
export function wordsOfBits(bits: bigint, registers: number): number[] {
  return Array.from({ length: registers }, (_, i) =>
    Number((bits >> BigInt(16 * (registers - 1 - i))) & 0xffffn),
  );
}

/** The same registers by a maker who sends the low word first. */
export function swappedWords(words: readonly number[]): number[] {
  return words.toReversed();
}

/** The same registers by a maker who swaps the bytes of each. */
export function swappedBytes(words: readonly number[]): number[] {
  return words.map((word) => ((word & 0xff) << 8) | (word >> 8));
}
