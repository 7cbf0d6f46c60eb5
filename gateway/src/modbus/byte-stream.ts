import type { ModbusError } from "./modbus-error.ts";

/** Bytes there and back, whatever carries them. */
export type ByteStream = {
  isOpen(): boolean;
  /** Without effect once it is closed. */
  write(bytes: Buffer): void;
  /** Drops what has come and was not yet handed on, as far as that can be done. */
  flush(): Promise<void>;
  close(): void;
};

export type StreamEnds = {
  /** The bytes are there for the call only. */
  readonly got: (bytes: Buffer) => void;
  /** The stream is at its end; without a reason, the peer closed it, or we did. */
  readonly ended: (reason?: ModbusError) => void;
};
