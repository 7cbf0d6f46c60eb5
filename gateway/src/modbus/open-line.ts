import type { LineAddress } from "@sunledger/model/line-address";
import { type Connection, type ConnectionParts, openConnection } from "./connection.ts";
import type { OwedAnswers } from "./owed-answers.ts";
import { openRtuConnection } from "./rtu-connection.ts";
import { openSerialStream } from "./serial-stream.ts";
import { openTcpStream } from "./tcp-stream.ts";

export type OpenLineParts = Omit<ConnectionParts, "host" | "port" | "onForeign"> & {
  readonly address: LineAddress;
  /** Kept from one connection of the line to the next. */
  readonly owed: OwedAnswers;
  /** An answer that nobody asked for. */
  readonly onForeign?: (frame: { readonly unit: number; readonly pdu: Buffer }) => void;
};

/** Opens a line as its address says; rejects with a `ModbusError` that says why it could not. */
export function openLine({
  address,
  connectTimeoutMs,
  ...parts
}: OpenLineParts): Promise<Connection> {
  if (address.transport === "serial") {
    const open = openSerialStream.bind(undefined, address);
    return openRtuConnection({ ...parts, line: address, open });
  }
  const { host, port } = address;
  if (address.transport === "tcp") {
    return openConnection({ ...parts, host, port, connectTimeoutMs });
  }
  return openRtuConnection({
    ...parts,
    line: address,
    open: (ends) => openTcpStream({ ...ends, host, port, connectTimeoutMs }),
  });
}
