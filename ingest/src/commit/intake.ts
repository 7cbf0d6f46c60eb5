import type { Arrived } from "../accept/accept.ts";

/** Messages that wait for the next commit: bounded, since the gateways hold what does not fit (D-8). */
export type Intake = {
  /** `false` when there is no room: the message is left to its gateway. */
  offer(message: Arrived): boolean;
  /** The oldest message. */
  take(): Arrived | undefined;
  /** Puts one back that was just taken. */
  putBack(message: Arrived): void;
  readonly bytes: number;
  readonly size: number;
};

export type IntakeBounds = { readonly mostBytes: number; readonly mostMessages: number };

export function intake({ mostBytes, mostMessages }: IntakeBounds): Intake {
  let waiting: Arrived[] = [];
  let next = 0;
  let bytes = 0;

  return {
    offer(message) {
      if (waiting.length - next >= mostMessages) return false;
      if (bytes + message.payload.length > mostBytes) return false;
      waiting.push(message);
      bytes += message.payload.length;
      return true;
    },

    take() {
      const message = waiting[next];
      if (!message) return undefined;
      next += 1;
      bytes -= message.payload.length;
      if (next > 1_000 && next * 2 > waiting.length) {
        waiting = waiting.slice(next);
        next = 0;
      }
      return message;
    },

    putBack(message) {
      if (next > 0) {
        next -= 1;
        waiting[next] = message;
      } else waiting.unshift(message);
      bytes += message.payload.length;
    },

    get bytes() {
      return bytes;
    },
    get size() {
      return waiting.length - next;
    },
  };
}
