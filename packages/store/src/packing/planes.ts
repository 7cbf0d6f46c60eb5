const most = 7; // 2^56 is beyond every residue

/**
 * Whole numbers from 0 on, byte place by byte place, the lowest first: each place has bytes of its own
 * kind, and those that only a few numbers need deflate to nearly nothing.
 */
export function planesOf(numbers: Float64Array): readonly Uint8Array[] {
  let greatest = 0;
  for (let n = 0; n < numbers.length; n += 1) greatest = Math.max(greatest, numbers[n] as number);
  const planes: Uint8Array[] = [];
  for (let weight = 1; weight <= greatest && planes.length < most; weight *= 256) {
    const plane = new Uint8Array(numbers.length);
    // The bit operators know 32 bits, which is enough but for great counters.
    if (greatest < 2 ** 31) {
      const shift = 8 * planes.length;
      for (let n = 0; n < numbers.length; n += 1) plane[n] = (numbers[n] as number) >>> shift;
    } else {
      for (let n = 0; n < numbers.length; n += 1) {
        plane[n] = Math.floor((numbers[n] as number) / weight) % 256;
      }
    }
    planes.push(plane);
  }
  return planes;
}

export function numbersOf(planes: readonly Uint8Array[], count: number): Float64Array {
  const numbers = new Float64Array(count);
  let weight = 1;
  for (const plane of planes) {
    if (plane.length !== count) throw new Error("packed values end too early");
    for (let n = 0; n < count; n += 1) {
      numbers[n] = (numbers[n] as number) + (plane[n] as number) * weight;
    }
    weight *= 256;
  }
  return numbers;
}
