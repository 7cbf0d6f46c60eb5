/** A 32-bit seed out of words: the same words give the same seed. */
export function seedOf(...words: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const character of words.join("/")) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}

/** A number in [0, 1) that belongs to a seed and a whole number. */
export function chance(seed: number, index: number): number {
  let mixed = Math.imul((seed ^ Math.imul(index | 0, 0x9e3779b1)) >>> 0, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x27d4eb2f);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
}

/** A smooth wandering between 0 and 1 with a knot at each whole `x`. */
export function wander(seed: number, x: number): number {
  const knot = Math.floor(x);
  const way = smoothstep(x - knot);
  const from = chance(seed, knot);
  return from + (chance(seed, knot + 1) - from) * way;
}

/** 0 up to 0, 1 from 1 on, and a soft rise between. */
export function smoothstep(x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x * x * (3 - 2 * x);
}
