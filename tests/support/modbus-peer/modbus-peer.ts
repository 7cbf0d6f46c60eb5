import { createServer, type Socket } from "node:net";
import { answerBytes, confirmingPdu, exceptionPdu, goodPdu } from "./answer-bytes.ts";
import { type Behaviour, type PeerRequest, requestSplitter } from "./peer-request.ts";

export type ModbusPeer = {
  readonly port: number;
  /** What it answers from, the same for holding and input registers. */
  readonly registers: Map<number, number>;
  /** Every write that came, whatever became of it. */
  readonly writes: readonly PeerWrite[];
  /** What the next requests meet, one behaviour each; those after them meet the usual one. */
  meet(...behaviours: readonly Behaviour[]): void;
  /** Connections taken so far. */
  connections(): number;
  /** Connections that are open now. */
  clients(): number;
  close(): Promise<void>;
};

export type PeerWrite = {
  readonly code: number;
  readonly address: number;
  readonly words: readonly number[];
};

export type PeerOptions = {
  readonly registers?: Iterable<readonly [number, number]>;
  /** What requests meet that nothing else was said for: the right answer by default. */
  readonly usual?: Behaviour;
  /** Further clients are hung up on. */
  readonly mostClients?: number;
};

export const answersRightly: Behaviour = (request) => {
  request.obey();
  request.socket.write(answerBytes(request, request.pdu));
};

/** A device on loopback made of bare sockets, that answers as the test says, with whatever bytes. */
export async function modbusPeer(options: PeerOptions = {}): Promise<ModbusPeer> {
  const { usual = answersRightly, mostClients = Number.POSITIVE_INFINITY } = options;
  const registers = new Map(options.registers ?? []);
  const script: Behaviour[] = [];
  const sockets = new Set<Socket>();
  let index = 0;
  let connections = 0;

  const writes: PeerWrite[] = [];
  const answer = (request: PeerRequest) => (script.shift() ?? usual)(request);

  const net = createServer((socket) => {
    connections += 1;
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    if (sockets.size >= mostClients) return socket.destroy();
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    const split = requestSplitter();
    socket.on("data", (bytes) => {
      for (const head of split(bytes)) {
        const { code, address, words } = head;
        if (words.length > 0) writes.push({ code, address, words });
        const pdu = rightPdu(head, registers);
        const obey = () => {
          if (pdu[0] !== code) return;
          for (const [i, word] of words.entries()) registers.set(address + i, word);
        };
        answer({ ...head, socket, index, pdu, obey });
        index += 1;
      }
    });
    return socket;
  });
  await new Promise<void>((resolve) => net.listen(0, "127.0.0.1", resolve));
  const address = net.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    registers,
    writes,
    meet: (...behaviours) => void script.push(...behaviours),
    connections: () => connections,
    clients: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        net.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function rightPdu(
  { code, address, count, words }: Pick<PeerRequest, "code" | "address" | "count" | "words">,
  registers: ReadonlyMap<number, number>,
): number[] {
  if (words.length > 0) {
    const isThere = words.every((_, i) => registers.has(address + i));
    return isThere ? confirmingPdu({ code, address, count, words }) : exceptionPdu(2, code);
  }
  if (code !== 3 && code !== 4) return exceptionPdu(1, code);
  const held = Array.from({ length: count }, (_, i) => registers.get(address + i));
  const there = held.filter((word) => word !== undefined);
  return there.length === count ? goodPdu(there, code) : exceptionPdu(2, code);
}
