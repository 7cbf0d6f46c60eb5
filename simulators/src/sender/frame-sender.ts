import { randomUUID } from "node:crypto";
import {
  type Ack,
  type Frame,
  type Lane,
  Layout,
  layoutHash,
  messageOf,
  type Quality,
  type Value,
} from "@sunledger/model";
import { packJson, type Scope } from "@sunledger/runtime";
import { laneOutbox } from "./lane-outbox.ts";
import { type GatewayPlace, openSession, type Session } from "./session.ts";

/** A frame before it has a number. */
export type UnsentFrame = {
  readonly device: string;
  readonly layout: Layout;
  /** Unix milliseconds. */
  readonly at: number;
  readonly values: readonly Value[];
  readonly quality?: Quality;
};

export type FrameSenderParts = {
  readonly place: GatewayPlace;
  readonly log: Scope["log"];
  readonly signal: AbortSignal;
  /** How many frames of a lane may be under way or waiting. */
  readonly window?: number;
  readonly rowsAMessage?: number;
  /** Real time after which what is not acknowledged is sent again. */
  readonly patienceMs?: number;
  /** Real time without any acknowledgement after which sending is given up; absent: it never is. */
  readonly mostSilenceMs?: number;
};

/**
 * Hands frames over to the house as a gateway does: numbered in an epoch of its own, sent until they
 * are acknowledged, forgotten then.
 */
export interface FrameSender {
  /** Under which its frames are numbered. */
  readonly epoch: string;
  /**
   * Takes a frame; resolves when there is room for the next. Rejects when sending is over, and a frame
   * whose layout ingest would refuse: that frame would never be acknowledged.
   */
  send(frame: UnsentFrame): Promise<void>;
  /** Resolves when everything taken is acknowledged. */
  drained(): Promise<void>;
  /** Frames taken and acknowledged. */
  counts(): { readonly taken: number; readonly acknowledged: number };
  close(): Promise<void>;
}

/** After so many lapses of patience without a word it is told that there is none. */
const lapsesTold = 4;

const lanes: readonly Lane[] = ["counters", "values"];

export async function openFrameSender(parts: FrameSenderParts): Promise<FrameSender> {
  const { place, log, signal, window = 6_000, rowsAMessage = 400, patienceMs = 5_000 } = parts;
  const { mostSilenceMs = Number.POSITIVE_INFINITY } = parts;
  const epoch = randomUUID();
  const outboxes = { counters: laneOutbox(window), values: laneOutbox(window) };
  const hashes = new Map<Layout, string>();
  const layouts = new Map<string, Layout>();
  const wake = waiters();
  let failure: Error | undefined;
  let session: Session | undefined;
  let pumping = false;
  let again = false;
  let silentMs = 0;

  const fail = (error: Error) => {
    failure ??= error;
    wake.all();
  };

  const hear = (ack: Ack) => {
    if (ack.epoch !== epoch) return;
    if (ack.newEpoch)
      return fail(new Error(`the numbers of epoch ${epoch} are taken by other frames`));
    for (const lane of lanes) {
      const says = ack.lanes[lane];
      if (says) outboxes[lane].ack(ack.store, says);
    }
    if (ack.reset) for (const lane of lanes) outboxes[lane].restart();
    silentMs = 0;
    wake.all();
    pump();
  };

  /** Called in intervals of patience: without a word for too long, nobody can take what is sent. */
  const listen = () => {
    const waiting = sum(lanes.map((lane) => outboxes[lane].size()));
    silentMs = waiting === 0 ? 0 : silentMs + patienceMs;
    if (silentMs === lapsesTold * patienceMs) {
      log.warn({ gateway: place.gateway, waiting }, "no acknowledgement for a while");
    }
    if (silentMs < mostSilenceMs) return;
    fail(
      new Error(
        `nothing of ${waiting} frames was acknowledged for ${mostSilenceMs / 1_000} s by the house: ` +
          "see what the log of ingest says, then send them again",
      ),
    );
  };

  const sendLane = async (current: Session, lane: Lane): Promise<boolean> => {
    const frames = outboxes[lane].take(rowsAMessage);
    if (frames.length === 0) return false;
    for (const hash of new Set(frames.map(({ layout }) => layout))) {
      const layout = layouts.get(hash);
      if (layout) await current.announce(hash, layout);
    }
    await current.publish(
      await packJson(messageOf({ gateway: place.gateway, epoch, lane }, frames)),
    );
    return true;
  };

  const sendAll = async (current: Session) => {
    while (!current.over()) {
      const sent = [await sendLane(current, "counters"), await sendLane(current, "values")];
      if (!sent.includes(true)) return;
    }
  };

  const pump = () => {
    const current = session;
    if (!current || current.over()) return;
    if (pumping) {
      again = true;
      return;
    }
    pumping = true;
    sendAll(current)
      .catch((err: unknown) => log.debug({ err }, "a message could not be sent"))
      .finally(() => {
        pumping = false;
        if (again) {
          again = false;
          pump();
        }
      });
  };

  session = await openSession(place, log, {
    begun: () => {
      for (const lane of lanes) outboxes[lane].restart();
      pump();
    },
    hear,
    refused: fail,
  });
  const opened = session;
  const patience = setInterval(() => {
    for (const lane of lanes) outboxes[lane].lapse();
    listen();
    pump();
  }, patienceMs);
  const cut = () => fail(new Error("stopped before everything was acknowledged"));
  signal.addEventListener("abort", cut, { once: true });
  if (signal.aborted) cut();

  const hashOf = async (device: string, layout: Layout): Promise<string> => {
    const { error } = Layout.safeParse(layout);
    if (error) {
      const reasons = error.issues.map(({ message }) => message).join("; ");
      throw new Error(`the points of ${device} make no layout: ${reasons}`);
    }
    const hash = await layoutHash(layout);
    hashes.set(layout, hash);
    layouts.set(hash, layout);
    return hash;
  };

  const until = async (isReached: () => boolean) => {
    while (!isReached()) {
      if (failure) throw failure;
      await wake.next();
    }
    if (failure) throw failure;
  };

  return {
    epoch,

    async send({ device, layout, at, values, quality }) {
      const outbox = outboxes[layout.lane];
      const hash = hashes.get(layout) ?? (await hashOf(device, layout));
      const frame: Omit<Frame, "sequence"> = { device, layout: hash, at, clock: "synced", values };
      outbox.put(quality ? { ...frame, quality } : frame);
      if (outbox.unsent() >= rowsAMessage) pump();
      if (!outbox.hasRoom() || failure) await until(outbox.hasRoom);
    },

    async drained() {
      pump();
      await until(() => lanes.every((lane) => outboxes[lane].isEmpty()));
    },

    counts: () => ({
      taken: sum(lanes.map((lane) => outboxes[lane].last())),
      acknowledged: sum(lanes.map((lane) => outboxes[lane].last() - outboxes[lane].size())),
    }),

    async close() {
      clearInterval(patience);
      signal.removeEventListener("abort", cut);
      fail(new Error("closed"));
      await opened.close();
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function waiters() {
  let waiting: (() => void)[] = [];
  return {
    next: () => new Promise<void>((resolve) => void waiting.push(resolve)),
    all: () => {
      const woken = waiting;
      waiting = [];
      for (const resolve of woken) resolve();
    },
  };
}
