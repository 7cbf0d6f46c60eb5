import { type AnswerShape, answerShape, type RtuFrame } from "./rtu-framing.ts";
import { isWrite } from "./write-request.ts";

/** Requests that were given up: their answers may still come, and no number tells them apart. */
export type OwedAnswers = {
  add(unit: number, shape: AnswerShape, sentAt: number): void;
  /** The frame may be an owed answer: says when that was asked for, and takes it off. */
  paid(frame: RtuFrame): number | undefined;
  /** A read whose answer is like none that the unit owes, nor like the one to this PDU. */
  unlike(unit: number, pdu: Buffer): Buffer | undefined;
  /** The unit owes nothing any more. */
  forget(unit: number): void;
};

type Owed = AnswerShape & { readonly sentAt: number };

/** So many answers late is nobody. */
const mostOwed = 4;
/** More lengths than can be owed or wanted. */
const lengths = [1, 2, 3, 4, 5, 6];
const bitsPerByte = 8;

export function owedAnswers(): OwedAnswers {
  const units = new Map<number, Owed[]>();
  return {
    add(unit, shape, sentAt) {
      const owed = [...(units.get(unit) ?? []), { ...shape, sentAt }];
      units.set(unit, owed.slice(-mostOwed));
    },

    paid({ unit, pdu }) {
      const owed = units.get(unit) ?? [];
      const code = pdu[0] ?? 0;
      const place = owed.findIndex((one) =>
        code > 0x80 ? code === (one.code | 0x80) : code === one.code && pdu[1] === one.bytes,
      );
      const found = owed[place];
      if (!found) return undefined;
      // Devices answer in order: what was asked before is not answered any more.
      const left = owed.slice(place + 1);
      if (left.length > 0) units.set(unit, left);
      else units.delete(unit);
      return found.sentAt;
    },

    unlike(unit, pdu) {
      const owed = units.get(unit);
      if (!owed) return undefined;
      const other = readBeside(pdu);
      const taken = new Set([...owed, answerShape(pdu)].map(({ bytes }) => bytes));
      const counts = lengths.map((n) => (isBits(other) ? (n - 1) * bitsPerByte + 1 : n));
      const count = counts.find(
        (n) => !taken.has(isBits(other) ? Math.ceil(n / bitsPerByte) : n * 2),
      );
      other.writeUInt16BE(count ?? 1, 3);
      return other;
    },

    forget: (unit) => void units.delete(unit),
  };
}

/** A copy of a read, or a read of what a write is about to change: never a second write. */
function readBeside(pdu: Buffer): Buffer {
  if (!isWrite(pdu)) return Buffer.from(pdu);
  const isOfCoils = pdu[0] === 5 || pdu[0] === 15;
  const read = Buffer.alloc(5);
  read[0] = isOfCoils ? 1 : 3;
  pdu.copy(read, 1, 1, 3);
  return read;
}

function isBits(pdu: Buffer): boolean {
  return (pdu[0] ?? 0) <= 2;
}
