import { createServer, type Socket } from "node:net";
import { type ModbusTCPRequest, ModbusTCPResponse, responses, server } from "jsmodbus";
import type { ReadSpan } from "../read-request.ts";

export type SeenRequest = ReadSpan & { readonly unit: number };

export type RegisterServer = {
  readonly port: number;
  readonly url: string;
  /** What was asked for, in order. */
  readonly requests: SeenRequest[];
  readonly holding: Map<number, number>;
  readonly input: Map<number, number>;
  /** An exception's code, or nothing where the registers shall answer. */
  refuse: (request: SeenRequest) => number | undefined;
  /** Requests that get no answer at all. */
  ignore: (request: SeenRequest) => boolean;
  connections: number;
  /** Closes every connection and keeps listening. */
  hangUp(): void;
  close(): Promise<void>;
};

/** Without buffers of its own the server asks its listeners. */
const asks = { holding: undefined, input: undefined } as unknown as Record<string, Buffer>;

/** A device of registers served by jsmodbus: what is not in its maps answers exception 2. */
export async function registerServer(port = 0): Promise<RegisterServer> {
  const sockets = new Set<Socket>();
  const net = createServer((socket) => {
    sockets.add(socket);
    device.connections += 1;
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  });
  const modbus = new server.TCP(net, asks);
  const answer = (kind: "holding" | "input") => (request: unknown, send: (b: Buffer) => void) => {
    const response = answerTo(request as ModbusTCPRequest, kind, device);
    if (response) send(response.createPayload());
  };
  modbus.on("readHoldingRegisters", answer("holding"));
  modbus.on("readInputRegisters", answer("input"));

  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  const device: RegisterServer = {
    port: 0,
    url: "",
    requests: [],
    holding: new Map(),
    input: new Map(),
    refuse: () => undefined,
    ignore: () => false,
    connections: 0,
    hangUp,
    close: () =>
      new Promise((resolve) => {
        net.close(() => resolve());
        hangUp();
      }),
  };
  await new Promise<void>((resolve) => net.listen(port, "127.0.0.1", resolve));
  const address = net.address();
  const bound = typeof address === "object" && address ? address.port : 0;
  return Object.assign(device, { port: bound, url: `tcp://127.0.0.1:${bound}?unit=1` });
}

function answerTo(request: ModbusTCPRequest, kind: "holding" | "input", device: RegisterServer) {
  const { start, count } = request.body as unknown as { start: number; count: number };
  const seen = { unit: request.unitId, kind, address: start, count };
  device.requests.push(seen);
  if (device.ignore(seen)) return;
  const registers = device[kind];
  const words = Array.from({ length: count }, (_, i) => registers.get(start + i));
  const isWhole = words.every((word) => word !== undefined);
  const exception = device.refuse(seen) ?? (isWhole ? undefined : 2);
  const code = kind === "holding" ? 3 : 4;
  const Body =
    kind === "holding"
      ? responses.ReadHoldingRegistersResponseBody
      : responses.ReadInputRegistersResponseBody;
  const body =
    exception === undefined
      ? new Body(count * 2, words as number[])
      : new responses.ExceptionResponseBody(code, exception as 2);
  return ModbusTCPResponse.fromRequest(request, body);
}

/** Puts words side by side from an address on. */
export function put(registers: Map<number, number>, address: number, words: readonly number[]) {
  for (const [i, word] of words.entries()) registers.set(address + i, word & 0xffff);
}

/** A text as registers, filled up with zeros. */
export function textWords(text: string, registers: number): number[] {
  const bytes = Buffer.alloc(registers * 2);
  bytes.write(text);
  return Array.from({ length: registers }, (_, i) => bytes.readUInt16BE(i * 2));
}
