import type { SerialLine } from "@sunledger/model/line-address";
import type { ByteStream, StreamEnds } from "./byte-stream.ts";
import { ModbusError } from "./modbus-error.ts";

/** Ports that are being closed: a port belongs to the machine, and opens again only after that. */
const closing = new Map<string, Promise<void>>();

/** Opens a serial port, for this program alone; rejects with a `ModbusError` that says why it could not. */
export async function openSerialStream(
  { path, baud, parity, stopBits }: SerialLine,
  { got, ended }: StreamEnds,
): Promise<ByteStream> {
  // Its native part is loaded only where there is a serial line.
  const { SerialPort } = await import("serialport");
  await closing.get(path);
  const settings = { baudRate: baud, dataBits: 8, parity, stopBits } as const;
  const port = new SerialPort({ path, ...settings, lock: true, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((cause) => {
      if (cause) reject(new ModbusError("connection", plainText(path, cause), { cause }));
      else resolve();
    });
  });
  const failed = (cause: Error) =>
    ended(new ModbusError("connection", plainText(path, cause), { cause }));
  port.on("data", got);
  port.on("error", failed);
  port.on("close", (cause: Error | null) => (cause ? failed(cause) : ended()));
  return {
    isOpen: () => port.isOpen,
    write(bytes) {
      if (port.isOpen) port.write(bytes);
    },
    flush: () => new Promise((done) => port.flush(() => setImmediate(done))),
    close() {
      // An adapter that was pulled out is closed already; then there is nothing to say.
      if (!port.isOpen || port.closing) return;
      const closed = new Promise<void>((resolve) => port.close(() => resolve()));
      closing.set(path, closed);
      void closed.then(() => closing.delete(path));
    },
  };
}

const reasons = [
  [/no such file|file not found|ENOENT/i, "there is no serial port"],
  [/permission denied|access denied|EACCES/i, "this user may not open the serial port"],
  [/cannot lock|busy|temporarily unavailable/i, "another program has the serial port"],
  [/disconnected|no such device|ENXIO|EIO|input\/output/i, "nothing is plugged in at"],
] as const;

function plainText(path: string, { message }: Error): string {
  const [, reason] = reasons.find(([pattern]) => pattern.test(message)) ?? [];
  return reason ? `${reason} ${path}` : `the serial port ${path} failed: ${message}`;
}
