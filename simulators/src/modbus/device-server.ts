import { createServer, Server, type Socket } from "node:net";
import { ConfigError } from "@sunledger/runtime";
import {
  type ModbusAbstractRequest,
  ModbusTCPRequest,
  ModbusTCPResponse,
  ModbusTCPServer,
  responses,
} from "jsmodbus";
import type { WireEffect } from "../faults/wire-effect.ts";
import type { ModbusException, RegisterImage } from "../registers/image.ts";
import type { ReadBy } from "../registers/register.ts";
import { type Asked, askedIn, type Told, unitIn } from "./asked.ts";
import { type GuardParts, guarded } from "./guarded-connection.ts";

/** A read of registers that a device has answered with its values. */
export type ServedRead = {
  readonly readBy: ReadBy;
  readonly start: number;
  readonly count: number;
};

/** What answers under one unit id. */
export type ServedUnit = {
  /** The functions that the device knows; others are refused. */
  readonly readBy: ReadonlySet<ReadBy>;
  /** What the device shows now; the answer to one request comes from one image. */
  image(): RegisterImage;
  /** Is shown a read that is being answered; what it gives back is told how the answer leaves. */
  served?(read: ServedRead): Told | undefined;
  /**
   * The same of a request that is answered by an exception; `unit`: where nobody is whom it was for, and it is told
   * to the first on the line.
   */
  refused?(asked: AskedOf, exception: number): Told | undefined;
  /** Is shown a request that is never answered; `unit` as before. */
  ignored?(asked: AskedOf): void;
  /** Takes words, or answers by an exception; absent: the device knows no writing. */
  write?(address: number, words: Buffer): ModbusException | undefined;
};

/** What was asked, and of which unit where nobody is there. */
export type AskedOf = Asked & { readonly unit?: number | undefined };

export type DeviceServerParts = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Who answers, by unit id; at others nobody is there. */
  readonly units: ReadonlyMap<number, ServedUnit>;
  /** Whether it hears nothing now: what is asked then is lost, and never answered. */
  silent?(): boolean;
  /** What faults make of requests and answers on its line now. */
  wire?(): readonly WireEffect[];
  /** Real time that a request may take to arrive whole, before its connection is closed. */
  readonly patienceMs?: number;
};

export type DeviceServer = { readonly port: number; close(): Promise<void> };

const illegalFunction: ExceptionCode = 1;
const nobodyThere: ExceptionCode = 11;

type WrittenRegisters = {
  readonly address: number;
  readonly quantity: number;
  readonly valuesAsBuffer: Buffer;
};
type Write = Pick<WrittenRegisters, "address"> & {
  readonly words: Buffer;
  readonly done: InstanceType<typeof responses.ModbusResponseBody>;
};
type Answer = (payload: Buffer) => void;
type ExceptionCode = ConstructorParameters<typeof responses.ExceptionResponseBody>[1];

/**
 * Serves one device over Modbus TCP, with those behind it, until it is closed. Every request is answered, if only by an
 * exception; a connection on which something else arrives is closed.
 */
export async function serveDevice(parts: DeviceServerParts): Promise<DeviceServer> {
  const sockets = new Set<Socket>();
  const leaving: Listeners = new WeakMap();
  // It only carries the guarded connections to jsmodbus: another one listens.
  const inner = new Server();
  answerReads(inner, parts, leaving);
  const guard: GuardParts = {
    ...parts,
    leaves: (answer, how) => leaving.get(answer)?.(how),
    ignores(request) {
      const { unit, asked } = addressed(parts, unitIn(request), askedIn(request));
      unit?.ignored?.(asked);
    },
    refuses(request, exception, answer) {
      const { unit, asked } = addressed(parts, unitIn(request), askedIn(request));
      const told = unit?.refused?.(asked, exception);
      if (told) leaving.set(answer, told);
    },
  };
  const isTurnedAway = (socket: Socket) => isAnother(socket, sockets, parts.wire?.() ?? []);
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    const own = { ...guard, isTurnedAway: () => isTurnedAway(socket) };
    inner.emit("connection", guarded(socket, own));
    for (const one of [...sockets].filter(isTurnedAway)) one.destroy();
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(inWords(error, parts)));
    server.listen(parts.port, parts.host, resolve);
  });

  return {
    port: portOf(server.address()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Who hears of a request: whom it was for, or the first on the line where nobody is there. */
function addressed({ units }: Pick<DeviceServerParts, "units">, id: number, asked: Asked) {
  const unit = units.get(id);
  if (unit) return { unit, asked } as const;
  const [first] = units.values();
  return { unit: first, asked: { ...asked, unit: id } } as const;
}

/** Who is told how an answer leaves. */
type Listeners = WeakMap<Buffer, Told>;

/** Whether a device that serves one connection serves another than this one. */
function isAnother(
  socket: Socket,
  sockets: ReadonlySet<Socket>,
  wire: readonly WireEffect[],
): boolean {
  const keeps = wire.find((effect) => effect.keeps !== undefined)?.keeps;
  if (keeps === undefined) return false;
  const open = [...sockets].filter(({ destroyed }) => !destroyed);
  return socket !== open.at(keeps === "first" ? 0 : -1);
}

function answerReads(server: Server, parts: DeviceServerParts, leaving: Listeners): void {
  const { units } = parts;
  // Without buffers of its own jsmodbus asks these handlers for each answer.
  const noBuffers: object = {
    coils: undefined,
    discrete: undefined,
    holding: undefined,
    input: undefined,
  };
  const modbus = new ModbusTCPServer(server, noBuffers);
  const refuse = (request: ModbusAbstractRequest, code: ExceptionCode, answer: Answer) => {
    const payload = packed(request, new responses.ExceptionResponseBody(request.body.fc, code));
    const { unit, asked } = addressed(parts, request.unitId, askedBy(request));
    const told = unit?.refused?.(asked, code);
    if (told) leaving.set(payload, told);
    answer(payload);
  };

  const read = (readBy: ReadBy) => (request: ModbusAbstractRequest, answer: Answer) => {
    const unit = units.get(request.unitId);
    if (!unit) return refuse(request, nobodyThere, answer);
    if (!unit.readBy.has(readBy)) return refuse(request, illegalFunction, answer);
    const { start, count } = request.body as unknown as Omit<ServedRead, "readBy">;
    const words = unit.image().read(start, count, readBy);
    if (typeof words === "number") return refuse(request, words, answer);
    const told = unit.served?.({ readBy, start, count });
    const Body =
      readBy === 3
        ? responses.ReadHoldingRegistersResponseBody
        : responses.ReadInputRegistersResponseBody;
    const payload = packed(request, new Body(words.length, words));
    if (told) leaving.set(payload, told);
    answer(payload);
  };

  modbus.on("readHoldingRegisters", read(3));
  modbus.on("readInputRegisters", read(4));
  const refuseFunction = (request: ModbusAbstractRequest, answer: Answer) =>
    refuse(request, illegalFunction, answer);
  modbus.on("readCoils", refuseFunction);
  modbus.on("readDiscreteInputs", refuseFunction);
  modbus.on("writeSingleCoil", refuseFunction);
  modbus.on("writeMultipleCoils", refuseFunction);

  const write = (
    request: ModbusAbstractRequest,
    { address, words, done }: Write,
    answer: Answer,
  ) => {
    const unit = units.get(request.unitId);
    if (!unit) return refuse(request, nobodyThere, answer);
    if (!unit.write) return refuse(request, illegalFunction, answer);
    const exception = unit.write(address, words);
    if (exception !== undefined) return refuse(request, exception, answer);
    answer(packed(request, done));
  };
  modbus.on("writeSingleRegister", (request: ModbusAbstractRequest, answer: Answer) => {
    const { address, value } = request.body as unknown as { address: number; value: number };
    const words = Buffer.alloc(2);
    words.writeUInt16BE(value & 0xffff);
    const done = new responses.WriteSingleRegisterResponseBody(address, value);
    write(request, { address, words, done }, answer);
  });
  modbus.on("writeMultipleRegisters", (request: ModbusAbstractRequest, answer: Answer) => {
    const { address, quantity, valuesAsBuffer } = request.body as unknown as WrittenRegisters;
    const done = new responses.WriteMultipleRegistersResponseBody(address, quantity);
    write(request, { address, words: valuesAsBuffer, done }, answer);
  });
}

function askedBy({ body }: ModbusAbstractRequest): Asked {
  const { start, count, address, quantity } = body as unknown as Partial<
    Record<"start" | "count" | "address" | "quantity", number>
  >;
  return { function: body.fc, start: start ?? address ?? 0, count: count ?? quantity ?? 1 };
}

function packed(
  request: ModbusAbstractRequest,
  body: InstanceType<typeof responses.ModbusResponseBody>,
): Buffer {
  if (!(request instanceof ModbusTCPRequest)) throw new Error("a request that is not Modbus TCP");
  return ModbusTCPResponse.fromRequest(request, body).createPayload();
}

function portOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): number {
  return typeof address === "object" && address ? address.port : 0;
}

function inWords(error: NodeJS.ErrnoException, { host, port }: DeviceServerParts): Error {
  if (error.code === "EADDRINUSE") {
    return new ConfigError(`port ${port} on ${host} is taken by another program`, { cause: error });
  }
  return new ConfigError(`${host}:${port} cannot be listened on: ${error.message}`, {
    cause: error,
  });
}
