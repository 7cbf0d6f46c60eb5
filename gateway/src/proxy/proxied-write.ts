import type { LineAddress } from "@sunledger/model/line-address";
import type { WriteSpan } from "../modbus/write-request.ts";

/** What a client of a proxy wants to write. */
export type ProxiedWrite = {
  /** The device whose proxy it is. */
  readonly tag: string;
  readonly line: LineAddress;
  readonly unit: number;
  readonly span: WriteSpan;
  /** The host it comes from. */
  readonly client: string;
};

/** Writes it; calls back right before the device is sent anything, each time. */
export type Tell = (onSend: () => void) => Promise<void>;

/**
 * Lets it through to the device by `tell`, and takes it down once the device was sent it; `false`, and nothing
 * is told, where it is not the time for it. Rejects as `tell` does.
 */
export type LetWrite = (write: ProxiedWrite, tell: Tell) => Promise<boolean>;
