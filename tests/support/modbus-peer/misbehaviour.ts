import { answerBytes, confirmingPdu, exceptionPdu } from "./answer-bytes.ts";
import { answersRightly } from "./modbus-peer.ts";
import type { Behaviour, PeerRequest } from "./peer-request.ts";

/** Whatever PDU, in a good frame. */
export function says(pdu: (request: PeerRequest) => readonly number[]): Behaviour {
  return (request) => void request.socket.write(answerBytes(request, pdu(request)));
}

/** Whatever bytes. */
export function sends(bytes: (request: PeerRequest) => Uint8Array): Behaviour {
  return (request) => void request.socket.write(bytes(request));
}

export const silent: Behaviour = () => undefined;

export function refuses(exception: number): Behaviour {
  return says(({ code }) => exceptionPdu(exception, code));
}

/** The right words under a head that is not the request's. */
export function mislabelled(
  change: (request: PeerRequest) => Partial<Record<"transaction" | "unit", number>>,
): Behaviour {
  return sends((request) => answerBytes({ ...request, ...change(request) }, request.pdu));
}

/** The right words in a frame whose head says something else of the frame. */
export function misframed(head: { protocol?: number; length?: number }): Behaviour {
  return sends((request) => answerBytes(request, request.pdu, head));
}

/** Answers rightly, this much later. */
export function after(ms: number, behaviour: Behaviour = answersRightly): Behaviour {
  return (request) => void setTimeout(behaviour, ms, request);
}

/** Holds its answer back until the next request is there, and then answers both, its own first. */
export function answersWithTheNext(): readonly [Behaviour, Behaviour] {
  let held: PeerRequest | undefined;
  return [
    (request) => {
      held = request;
    },
    (request) => {
      const first = held ? answerBytes(held, held.pdu) : Buffer.alloc(0);
      request.socket.write(Buffer.concat([first, answerBytes(request, request.pdu)]));
    },
  ];
}

/** One byte a segment, each sent by itself. */
export const inBytes: Behaviour = (request) => {
  const bytes = answerBytes(request, request.pdu);
  const send = (at: number) => {
    if (at === bytes.length || request.socket.destroyed) return;
    request.socket.write(bytes.subarray(at, at + 1), () => setImmediate(send, at + 1));
  };
  send(0);
};

export const twice: Behaviour = (request) => {
  const bytes = answerBytes(request, request.pdu);
  request.socket.write(Buffer.concat([bytes, bytes]));
};

/** The first so many bytes of the right answer, and then nothing more. */
export function breaksOffAfter(bytes: number): Behaviour {
  return sends((request) => answerBytes(request, request.pdu).subarray(0, bytes));
}

/** Hangs up in place of an answer, with the first so many bytes of it said. */
export function hangsUp({ after: bytes = 0 } = {}): Behaviour {
  return (request) => void request.socket.end(answerBytes(request, request.pdu).subarray(0, bytes));
}

/** Cuts the connection as a crash does, without a farewell. */
export const resets: Behaviour = ({ socket }) => void socket.resetAndDestroy();

/** Carries a write out and says nothing. */
export const obeysSilently: Behaviour = ({ obey }) => obey();

/** Carries a write out and confirms another one. */
export function confirms(change: (request: PeerRequest) => Partial<PeerRequest>): Behaviour {
  return (request) => {
    request.obey();
    request.socket.write(answerBytes(request, confirmingPdu({ ...request, ...change(request) })));
  };
}

/** Confirms a write without carrying it out. */
export const confirmsOnly: Behaviour = (request) =>
  void request.socket.write(answerBytes(request, confirmingPdu(request)));
