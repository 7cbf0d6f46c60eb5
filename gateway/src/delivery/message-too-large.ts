import { mostPayloadBytes } from "@sunledger/model";

/** What is to be published weighs more than a broker takes. */
export class MessageTooLargeError extends Error {
  override readonly name = "MessageTooLargeError";
  readonly bytes: number;

  constructor(bytes: number) {
    super(`a message of ${bytes} bytes; the most is ${mostPayloadBytes}`);
    this.bytes = bytes;
  }
}
