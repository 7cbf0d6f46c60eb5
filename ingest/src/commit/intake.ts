import type { Clock } from "@sunledger/runtime";
import type { Arrived } from "../accept/accept.ts";

/**
 * Messages that wait for the next commit: bounded, since the gateways hold what does not fit (D-8),
 * and shared fairly, so that one gateway's backlog never keeps the others' live frames waiting (D-3).
 */
export type Intake = {
  /**
   * Answers how many messages are left to their gateways for lack of room: this one, or the newest of
   * a gateway that has more waiting.
   */
  offer(message: Arrived): number;
  /** The oldest message of the gateway whose turn it is, some passed over. */
  take(passedOver?: ReadonlySet<string>): Arrived | undefined;
  /** Puts one back that was just taken. */
  putBack(message: Arrived): void;
  readonly bytes: number;
  readonly size: number;
  /** When the message that waits longest was offered, by the clock of the intake. */
  readonly oldestAt: number | undefined;
};

export type IntakeBounds = { readonly mostBytes: number; readonly mostMessages: number };

export function intake(
  { mostBytes, mostMessages }: IntakeBounds,
  pace: Pick<Clock, "now">,
): Intake {
  /** In order of turn: who was served last stands last. */
  const queues = new Map<string, Queue>();
  const offeredAt = new WeakMap<Arrived, number>();
  let bytes = 0;
  let size = 0;

  const fits = (message: Arrived) =>
    size < mostMessages && bytes + message.payload.length <= mostBytes;

  const grow = (by: 1 | -1, message: Arrived) => {
    size += by;
    bytes += by * message.payload.length;
  };

  const drop = (gateway: string, queue: Queue) => {
    const message = queue.removeNewest();
    if (message) grow(-1, message);
    if (queue.length === 0) queues.delete(gateway);
  };

  /** Whom to take room from for the message: a gateway with more waiting than its own would be. */
  const greedier = (message: Arrived) => {
    const [gateway, queue] = longest(queues) ?? [];
    const own = (queues.get(message.gateway)?.bytes ?? 0) + message.payload.length;
    return gateway !== undefined && queue && queue.bytes > own ? { gateway, queue } : undefined;
  };

  return {
    offer(message) {
      let left = 0;
      while (!fits(message)) {
        const other = greedier(message);
        if (!other) return left + 1;
        drop(other.gateway, other.queue);
        left += 1;
      }
      const queue = queues.get(message.gateway) ?? messageQueue();
      queues.set(message.gateway, queue);
      queue.add(message);
      offeredAt.set(message, pace.now());
      grow(1, message);
      return left;
    },

    take(passedOver) {
      const [gateway, queue] = nextInTurn(queues, passedOver) ?? [];
      const message = queue?.takeOldest();
      if (gateway === undefined || !queue || !message) return undefined;
      queues.delete(gateway);
      if (queue.length > 0) queues.set(gateway, queue);
      grow(-1, message);
      return message;
    },

    putBack(message) {
      const queue = queues.get(message.gateway) ?? messageQueue();
      queue.addOldest(message);
      queues.set(message.gateway, queue);
      grow(1, message);
    },

    get bytes() {
      return bytes;
    },
    get size() {
      return size;
    },
    get oldestAt() {
      let oldest: number | undefined;
      for (const queue of queues.values()) {
        const first = queue.oldest();
        const at = first && offeredAt.get(first);
        if (at !== undefined && at < (oldest ?? Number.POSITIVE_INFINITY)) oldest = at;
      }
      return oldest;
    },
  };
}

type Queue = ReturnType<typeof messageQueue>;

/** First in, first out, without moving the whole array at each step. */
function messageQueue() {
  let messages: Arrived[] = [];
  let next = 0;
  let bytes = 0;

  return {
    get length() {
      return messages.length - next;
    },
    get bytes() {
      return bytes;
    },
    add(message: Arrived) {
      messages.push(message);
      bytes += message.payload.length;
    },
    addOldest(message: Arrived) {
      messages = [message, ...messages.slice(next)];
      next = 0;
      bytes += message.payload.length;
    },
    oldest: (): Arrived | undefined => messages[next],
    takeOldest(): Arrived | undefined {
      const message = messages[next];
      if (!message) return undefined;
      next += 1;
      bytes -= message.payload.length;
      if (next > 1_000 && next * 2 > messages.length) {
        messages = messages.slice(next);
        next = 0;
      }
      return message;
    },
    removeNewest(): Arrived | undefined {
      if (messages.length === next) return undefined;
      const message = messages.pop();
      bytes -= message?.payload.length ?? 0;
      return message;
    },
  };
}

function nextInTurn(
  queues: ReadonlyMap<string, Queue>,
  passedOver?: ReadonlySet<string>,
): [string, Queue] | undefined {
  for (const entry of queues) if (!passedOver?.has(entry[0])) return entry;
  return undefined;
}

function longest(queues: ReadonlyMap<string, Queue>): [string, Queue] | undefined {
  let found: [string, Queue] | undefined;
  for (const entry of queues) if (!found || entry[1].bytes > found[1].bytes) found = entry;
  return found;
}
