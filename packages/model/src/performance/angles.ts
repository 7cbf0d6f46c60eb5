const degree = Math.PI / 180;

export const sin = (degrees: number): number => Math.sin(degrees * degree);
export const cos = (degrees: number): number => Math.cos(degrees * degree);
export const tan = (degrees: number): number => Math.tan(degrees * degree);
export const toRadians = (degrees: number): number => degrees * degree;
export const toDegrees = (radians: number): number => radians / degree;

/** The remainder with the sign of the divisor: an angle in `[0, full)`. */
export const wrapped = (angle: number, full = 360): number => ((angle % full) + full) % full;

export const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);
