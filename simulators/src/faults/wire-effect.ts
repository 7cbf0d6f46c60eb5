/** A piece of an answer. */
export type Piece = {
  readonly bytes: Buffer;
  /** It leaves so long behind the piece before it, milliseconds of real time. */
  readonly afterMs: number;
  /** The connection is closed behind it. */
  readonly hangUp?: true;
};

/**
 * What becomes of a request in place of the device's own answer: an exception by its code; `unheard`: this one is
 * lost; `deaf`: nothing is heard on its connection from now on; `hang-up`: its connection is closed.
 */
export type Fate = number | "unheard" | "deaf" | "hang-up";

/** What a fault makes of requests and answers between a device and its clients. */
export type WireEffect = {
  /** What becomes of the n-th request of a connection, from 1 on; without a fate it is answered. */
  fate?(n: number): Fate | undefined;
  /** The answer to the n-th request, headers included, as other bytes. */
  rewritten?(answer: Buffer, n: number): Buffer;
  /** How the answer to the n-th request leaves. */
  sent?(pieces: readonly Piece[], n: number): readonly Piece[];
  /** Answers wait so long for others and leave in one piece with them, milliseconds of real time. */
  readonly gatherMs?: number;
  /** The one connection that is served while there are several. */
  readonly keeps?: "first" | "last";
};

/** What faults together make of the n-th request of a connection: the first that has a word decides. */
export function fateOf(wire: readonly WireEffect[], n: number): Fate | undefined {
  for (const { fate } of wire) {
    const own = fate?.(n);
    if (own !== undefined) return own;
  }
  return undefined;
}

/** The pieces in which the answer to the n-th request leaves. */
export function piecesOf(wire: readonly WireEffect[], answer: Buffer, n: number): readonly Piece[] {
  const bytes = wire.reduce((before, { rewritten }) => rewritten?.(before, n) ?? before, answer);
  return wire.reduce<readonly Piece[]>(
    (before, { sent }) => sent?.(before, n) ?? before,
    [{ bytes, afterMs: 0 }],
  );
}
