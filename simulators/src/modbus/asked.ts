/** What was asked of a device: the function, the first register and how many. */
export type Asked = { readonly function: number; readonly start: number; readonly count: number };

/**
 * How an answer left: with all of its bytes and no others, with others or not whole, or not at all since its
 * connection was gone.
 */
export type Leaving = "whole" | "broken" | "never";

/** Is told how an answer left. */
export type Told = (how: Leaving) => void;

const headerLength = 7;
/** These write one thing; what stands behind its address is its value. */
const single = new Set([5, 6]);

/** The function of a whole request of Modbus TCP. */
export function functionOf(request: Buffer): number {
  return request.readUInt8(headerLength);
}

/** What a whole request asks for, 0 where it does not say. */
export function askedIn(request: Buffer): Asked {
  const code = functionOf(request);
  const word = (place: number) => (request.length >= place + 2 ? request.readUInt16BE(place) : 0);
  const [start, count] = [word(headerLength + 1), word(headerLength + 3)];
  return { function: code, start, count: single.has(code) ? 1 : count };
}

/** The unit that a whole request is for. */
export function unitIn(request: Buffer): number {
  return request.readUInt8(headerLength - 1);
}
