import { crc16 } from "./crc16.ts";
import { isWrite } from "./write-request.ts";

/** One message of a serial line. */
export type RtuFrame = { readonly unit: number; readonly pdu: Buffer };

/** What tells an answer from others where nothing numbers them. */
export type AnswerShape = { readonly code: number; readonly bytes: number };

/** Unit, function and byte count stand before the data, the checksum after it. */
const headLength = 3;
const crcLength = 2;
const exceptionLength = 5;
const confirmationLength = 8;
/** Twice the longest frame: what lies further back belongs to nothing that is waited for. */
const mostKept = 512;

export function encodeRtuFrame({ unit, pdu }: RtuFrame): Buffer {
  const frame = Buffer.allocUnsafe(1 + pdu.length + crcLength);
  frame[0] = unit;
  frame.set(pdu, 1);
  frame.writeUInt16LE(crc16(frame, 0, frame.length - crcLength), frame.length - crcLength);
  return frame;
}

/** The shape of the good answer to a PDU; that to a write begins with the write's address. */
export function answerShape(pdu: Buffer): AnswerShape {
  const code = pdu[0] ?? 0;
  if (isWrite(pdu)) return { code, bytes: pdu[1] ?? 0 };
  const count = pdu.readUInt16BE(3);
  return { code, bytes: code <= 2 ? Math.ceil(count / 8) : count * 2 };
}

/** So many bytes are on the line for a PDU: the request and its good answer. */
export function exchangeLength(pdu: Buffer): number {
  const answer = isWrite(pdu)
    ? confirmationLength
    : headLength + answerShape(pdu).bytes + crcLength;
  return 1 + pdu.length + crcLength + answer;
}

export type RtuFramer = {
  /** Forgets all bytes; what comes is the answer to this request, which may come back as an echo. */
  begin(request: Buffer): void;
  /** Hands on every frame that these bytes complete; its bytes are there for the call only. */
  push(bytes: Buffer, take: (frame: RtuFrame) => void): void;
  /** The answer came whole, with a wrong checksum. */
  isSpoilt(): boolean;
};

const nothing = Buffer.alloc(0);

/**
 * Finds answers in what a serial line brings, by function, byte count and checksum alone:
 * pauses within a frame mean nothing behind a USB adapter or a network. What is no frame is stepped
 * over byte by byte, save an answer under way that begins as the one waited for.
 */
export function rtuFramer(): RtuFramer {
  let rest: Buffer = nothing;
  let request: Buffer = nothing;
  let head: Buffer = nothing;
  let mayEcho = false;
  /** Whether the last read came back as an echo. */
  let echoes = false;
  let spoilt = false;

  /** The frame that begins here, its length known and its checksum right. */
  const frameAt = (at: number): number => {
    const length = lengthAt(rest, at);
    if (length === undefined || at + length > rest.length) return 0;
    const end = at + length - crcLength;
    return crc16(rest, at, end) === rest.readUInt16LE(end) ? length : 0;
  };

  /** Whether here is the beginning of the answer waited for, whose end has yet to come. */
  const isUnderWay = (at: number): boolean => {
    if (head.length === 0 || !rest.subarray(at, at + headLength).equals(head)) return false;
    const isWhole = at + (lengthAt(rest, at) ?? 0) <= rest.length;
    if (isWhole) spoilt = true;
    return !isWhole;
  };

  /** An adapter for two wires hears its own request: it is taken out before it can be anything else. */
  const dropEcho = (): boolean => {
    if (!mayEcho) return true;
    const length = Math.min(rest.length, request.length);
    const isEcho = rest.subarray(0, length).equals(request.subarray(0, length));
    if (isEcho && length < request.length) return false;
    if (isEcho) rest = rest.subarray(length);
    if (!isWrite(request.subarray(1))) echoes = isEcho;
    mayEcho = false;
    return true;
  };

  return {
    isSpoilt: () => spoilt,

    begin(sent) {
      request = sent;
      const { code, bytes } = answerShape(sent.subarray(1));
      head = Buffer.from([sent[0] ?? 0, code, bytes]);
      rest = nothing;
      // What confirms a write of one register is the same as the write: the line's reads tell.
      mayEcho = isWrite(sent.subarray(1)) ? echoes : true;
      spoilt = false;
    },

    push(bytes, take) {
      rest = Buffer.concat([rest, bytes]);
      if (!dropEcho()) return;
      let done = 0;
      for (let at = 0; at < rest.length; at += 1) {
        const length = frameAt(at);
        if (length > 0) {
          take({ unit: rest[at] ?? 0, pdu: rest.subarray(at + 1, at + length - crcLength) });
          at += length - 1;
          done = at + 1;
        } else if (isUnderWay(at)) break;
      }
      rest = rest.subarray(Math.max(done, rest.length - mostKept));
    },
  };
}

/** `undefined` where no answer begins, or its byte count has yet to come. */
function lengthAt(bytes: Buffer, at: number): number | undefined {
  const code = bytes[at + 1];
  if (code === undefined) return undefined;
  if (code > 0x80 && isKnownCode(code & 0x7f)) return exceptionLength;
  if (code > 4 && isKnownCode(code)) return confirmationLength;
  const count = bytes[at + 2];
  if (code < 1 || code > 4 || count === undefined) return undefined;
  return headLength + count + crcLength;
}

function isKnownCode(code: number): boolean {
  return (code >= 1 && code <= 6) || code === 15 || code === 16;
}
