import { createServer, type Socket } from "node:net";
import { SerialPort } from "serialport";
import { encodeRtuFrame } from "../rtu-framing.ts";

/** One request as the peer met it. */
export type RtuRequest = {
  readonly unit: number;
  readonly code: number;
  readonly address: number;
  readonly count: number;
  /** The request's own bytes. */
  readonly bytes: Buffer;
  readonly write: (bytes: Buffer) => void;
};

export type RtuBehaviour = (request: RtuRequest) => void;

export type RtuPeer = {
  readonly port: number;
  readonly requests: RtuRequest[];
  /** What the next requests meet, one behaviour each; those after them meet the right answer. */
  meet(...behaviours: readonly RtuBehaviour[]): void;
  /** Writes without having been asked. */
  say(bytes: Buffer): void;
  connections(): number;
  /** Ends all connections, and takes new ones. */
  hangUp(): void;
  close(): Promise<void>;
};

const requestLength = 8;

/** Every register of a unit holds 1000 times the unit plus its address. */
export const wordAt = (unit: number, address: number) => unit * 1_000 + address;

/** The right answer to a read of registers or bits: of bits, those at even addresses are set. */
export function answerTo({ unit, code, address, count }: RtuRequest): Buffer {
  const registers = Array.from({ length: count }, (_, i) => wordAt(unit, address + i));
  const data =
    code > 2
      ? registers.flatMap((word) => [word >> 8, word & 0xff])
      : Array.from({ length: Math.ceil(count / 8) }, () => (address % 2 === 0 ? 0x55 : 0xaa));
  return encodeRtuFrame({ unit, pdu: Buffer.from([code, data.length, ...data]) });
}

export const rightly: RtuBehaviour = (request) => request.write(answerTo(request));

export const silent: RtuBehaviour = () => undefined;

export function lately(ms: number): RtuBehaviour {
  return (request) => void setTimeout(rightly, ms, request);
}

function serving(usual: RtuBehaviour) {
  const script: RtuBehaviour[] = [];
  const requests: RtuRequest[] = [];
  const reader = (write: (bytes: Buffer) => void) => {
    let rest = Buffer.alloc(0);
    return (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      for (; rest.length >= requestLength; rest = rest.subarray(requestLength)) {
        const request = {
          unit: rest.readUInt8(0),
          code: rest.readUInt8(1),
          address: rest.readUInt16BE(2),
          count: rest.readUInt16BE(4),
          bytes: Buffer.from(rest.subarray(0, requestLength)),
          write,
        };
        requests.push(request);
        (script.shift() ?? usual)(request);
      }
    };
  };
  const meet = (...behaviours: readonly RtuBehaviour[]) => void script.push(...behaviours);
  return { requests, reader, meet };
}

/** A line of units behind a converter on loopback, that answers as the test says. */
export async function rtuPeer(usual: RtuBehaviour = rightly): Promise<RtuPeer> {
  const { requests, reader, meet } = serving(usual);
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.on(
      "data",
      reader((bytes) => void socket.write(bytes)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === "object" && address ? address.port : 0,
    requests,
    meet,
    say: (bytes) => sockets.forEach((socket) => void socket.write(bytes)),
    connections: () => connections,
    hangUp,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        hangUp();
      }),
  };
}

/** The same on a serial port. */
export async function serialRtuPeer(
  path: string,
): Promise<Omit<RtuPeer, "port" | "connections" | "hangUp">> {
  const { requests, reader, meet } = serving(rightly);
  const port = new SerialPort({ path, baudRate: 9_600, autoOpen: false });
  await new Promise<void>((resolve, reject) =>
    port.open((error) => (error ? reject(error) : resolve())),
  );
  port.on(
    "data",
    reader((bytes) => void port.write(bytes)),
  );
  return {
    requests,
    meet,
    say: (bytes) => void port.write(bytes),
    close: () => new Promise((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve())),
  };
}
