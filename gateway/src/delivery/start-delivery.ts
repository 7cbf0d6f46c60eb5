import {
  Ack,
  type CommandResult,
  type DeviceAnnouncement,
  type DeviceReach,
  type GatewayStatus,
  type Lane,
  mostPayloadBytes,
  statusEveryMs,
  topics,
  WatchCommand,
} from "@sunledger/model";
import { type Clock, packJson, type Scope, unpackJson } from "@sunledger/runtime";
import { countsOf, type LaneCounts, lanesOf } from "../outbox/lane-state.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { ClockWatch } from "../timekeeping/clock-watch.ts";
import type { BrokerSession } from "./broker-session.ts";
import { deviceAnnouncer, mostUnderWay } from "./device-announcer.ts";
import { eventSender } from "./event-sender.ts";
import { hourBook } from "./hour-book.ts";
import { keepConnected } from "./keep-connected.ts";
import { laneSender, type SenderLimits } from "./lane-sender.ts";
import { layoutAnnouncer } from "./layouts.ts";
import { type LingerTimes, linger } from "./linger.ts";
import { MessageTooLargeError } from "./message-too-large.ts";
import { type Patience, startPatience } from "./patience.ts";
import { refusedByPlatform } from "./refused-layouts.ts";
import { sideBySide } from "./side-by-side.ts";
import { soon } from "./soon.ts";
import { type StatusPart, statusBoard } from "./status-board.ts";

export type DeliveryParts = {
  /** The gateway's id, its user at the broker. */
  readonly gateway: string;
  readonly version: string;
  readonly broker: { readonly url: string; readonly secret: string };
  readonly outbox: Outbox;
  readonly clock: Clock;
  /** Whether that clock is right; of no interest, if not given. */
  readonly clockWatch?: Pick<ClockWatch, "hear" | "told" | "onSynced">;
  readonly log: Scope["log"];
  readonly linger: LingerTimes;
  /** The broker retains nothing of a forgotten device any more. */
  readonly onTakenBack?: (tag: string) => void;
  readonly limits?: Partial<SenderLimits>;
  /** Real time after which what is not acknowledged is sent again. */
  readonly patienceMs?: number;
  /** Real time of the first wait before a reconnect. */
  readonly reconnectMs?: number;
  readonly random?: () => number;
};

/** Who obeys what the platform says to the gateway. */
export interface PlatformWord {
  /** A connection begins; its status is told next. */
  begun(): void;
  command(message: unknown): void;
  configuration(message: unknown): void;
  /** What the status says of it. */
  status(): StatusPart;
  /** The broker has taken a status. */
  told(status: GatewayStatus): void;
}

export interface Delivery {
  /** From now on the platform is heard: what it said before is handed over at once. */
  listen(word: PlatformWord): void;
  /** Tells the status anew. */
  tellStatus(): void;
  /** Whether the broker has taken the result. */
  tellResult(result: CommandResult): Promise<boolean>;
  /** What a device is: told at every connect, and now. */
  announce(announcement: DeviceAnnouncement): void;
  reach(tag: string, reach: DeviceReach): void;
  /** A device that is the gateway's no longer: what the broker retains of it is taken back. */
  forget(tag: string): void;
  isConnected(): boolean;
  /** What became of the frames of each lane (D-13). */
  counts(): Record<Lane, LaneCounts>;
  /** Resolves when the broker has been left, after the signal's abort. */
  readonly ended: Promise<void>;
}

const usualLimits: SenderLimits = { window: 6_000, rowsAMessage: 500, bytesAMessage: 200_000 };
const mostUnheard = 100;
const mostPatienceMs = 30_000;
/** After so many lapses in a row with something overdue, layouts are announced once more. */
const lapsesToAnnounceAnew = 5;

/**
 * Keeps the store fed from the outbox until the signal is aborted: connects, announces, sends,
 * hears acks, and begins again whenever the connection is lost. A broker that is away delays
 * nothing but the sending.
 */
export function startDelivery(parts: DeliveryParts, signal: AbortSignal): Delivery {
  const { gateway, version, outbox, clock, clockWatch, log, patienceMs = 1_500 } = parts;
  const limits = { ...usualLimits, ...parts.limits };
  let corrected: NonNullable<GatewayStatus["clock"]>["corrected"];
  const onCorrected = (frames: number, byMs: number) => {
    corrected = { at: clock.now(), frames, byMs };
    log.warn({ frames, byMs }, "times of frames corrected that were taken by a wrong clock");
    tellStatus();
  };
  const events = eventSender({ gateway, outbox, log });
  const sentEvents = events.sent;
  const sender = laneSender({ gateway, outbox, log, limits, sentEvents, onCorrected });
  const unwatch = clockWatch?.onSynced(sender.correct);
  signal.addEventListener("abort", () => unwatch?.(), { once: true });
  const lingering = linger({ clock, times: parts.linger, release: sender.release }, signal);
  const board = statusBoard(version);
  const hours = hourBook(outbox.state());
  const unusable = refusedByPlatform({ layouts: outbox.layouts, log });
  let session: BrokerSession | undefined;
  let patience: Patience | undefined;
  let word: PlatformWord | undefined;
  /** What was said before anybody listened. */
  let unheard: ((to: PlatformWord) => void)[] = [];

  /** One after the other: a long message takes longer to pack, and must not come after its successor. */
  let packing: Promise<unknown> = Promise.resolve();
  /** Nothing to tell takes back what is retained. Whether there is a session. */
  const tell = async (topic: string, message: object | undefined, retain = true) => {
    const to = session;
    const packed = packing.then(() => (message ? packJson(message) : Buffer.of()));
    packing = packed.catch(() => {});
    const payload = await packed;
    if (payload.length > mostPayloadBytes) throw new MessageTooLargeError(payload.length);
    await to?.publish(topic, payload, { qos: 1, retain });
    return to !== undefined;
  };
  const devices = deviceAnnouncer({ gateway, tell, onTakenBack: parts.onTakenBack, log });

  const status = () => {
    const refusedLayouts = unusable.told();
    const present = sender.lanes();
    const certificateUntil = session?.certificateUntil;
    const lanes = lanesOf((lane) => {
      return { ...countsOf(present[lane]), hours: hours.told(lane, present[lane]) };
    });
    return board.online(clock.now(), outbox.state().epoch, lanes, {
      ...word?.status(),
      outbox: outbox.hold(),
      ...(refusedLayouts && { refusedLayouts }),
      ...(certificateUntil !== undefined && { certificateUntil }),
      ...(clockWatch && { clock: { ...clockWatch.told(), ...(corrected && { corrected }) } }),
    });
  };
  const tellStatusNow = async () => {
    if (!session) return;
    const present = session;
    const said = status();
    await tell(topics.status(gateway), said);
    if (!present.signal.aborted) word?.told(said);
  };
  const tellStatus = () =>
    void tellStatusNow().catch((error) => log.debug({ err: error }, "not told"));
  const reachChanged = soon(200, tellStatus, signal);

  const say = (saying: (to: PlatformWord) => void) => {
    if (word) saying(word);
    else unheard = [...unheard.slice(-mostUnheard), saying];
  };
  const obey = (message: unknown) => {
    const watch = WatchCommand.safeParse(message);
    if (watch.success) lingering.watch(watch.data.what.until);
    else say((to) => to.command(message));
  };

  const hearAck = (ack: Ack) => {
    events.hear(ack);
    if (ack.at !== undefined) clockWatch?.hear(ack.at);
    // Another ingest, or one that was mended, may take what was refused before.
    if (ack.reset) unusable.forget();
    if (unusable.hear(ack)) tellStatus();
    if (sender.hear(ack)) patience?.renew();
  };

  const hear = (topic: string, payload: Buffer) => {
    try {
      const message = unpackJson(payload);
      if (topic === topics.command(gateway)) obey(message);
      else if (topic === topics.config(gateway)) say((to) => to.configuration(message));
      else hearAck(Ack.parse(message));
    } catch (error) {
      log.warn({ err: error, topic }, "message cannot be read");
    }
  };

  const begin = async (present: BrokerSession) => {
    session = present;
    unusable.forget();
    word?.begun();
    const { announce, again } = layoutAnnouncer(present, gateway, outbox.layouts);
    clock.every(statusEveryMs, tellStatus, present.signal, { mayWait: true });
    clock.every(statusEveryMs, events.repeat, present.signal, { mayWait: true });
    let standstills = 0;
    const lapse = () => {
      const overdue = sender.lapse();
      standstills = overdue > 0 ? standstills + 1 : 0;
      // Rows of a layout that ingest does not know would wait for ever.
      if (standstills % lapsesToAnnounceAnew === lapsesToAnnounceAnew - 1) again();
      return overdue;
    };
    const patient = { firstMs: patienceMs, mostMs: mostPatienceMs, lapse };
    patience = startPatience(patient, present.signal);
    lingering.cancel();
    sender.release();
    sender.use(present, announce);
    events.use(present);
    // Frames need none of it but their own layouts: they do not wait until a whole fleet is announced.
    const layouts = sideBySide(outbox.layouts().keys(), mostUnderWay, announce);
    await Promise.all([tellStatusNow(), layouts, devices.tellAll()]);
  };

  outbox.onChange(() => {
    hours.note(outbox.state(), clock.now());
    const waiting = sender.unreleased();
    if (waiting === 0) return;
    if (waiting < limits.rowsAMessage) return lingering.begin();
    lingering.cancel();
    sender.release();
  });

  const ended = keepConnected(
    {
      place: { url: parts.broker.url, secret: parts.broker.secret, gateway },
      log,
      reconnectMs: parts.reconnectMs ?? 500,
      random: parts.random ?? Math.random,
      onMessage: hear,
      begin,
      async farewell() {
        await tell(topics.status(gateway), board.offline(clock.now()));
      },
    },
    signal,
  );

  return {
    listen(listener) {
      word = listener;
      if (session) listener.begun();
      for (const saying of unheard.splice(0)) saying(listener);
      tellStatus();
    },
    tellStatus,
    async tellResult(result) {
      const present = session;
      if (!present || present.signal.aborted) return false;
      try {
        await tell(topics.result(gateway), result, false);
        return !present.signal.aborted;
      } catch (error) {
        log.debug({ err: error, id: result.id }, "result not told");
        return false;
      }
    },
    announce: devices.announce,
    reach(tag, reach) {
      board.reach(tag, reach);
      reachChanged();
    },
    forget(tag) {
      board.forget(tag);
      devices.forget(tag);
      reachChanged();
    },
    isConnected: () => session?.signal.aborted === false,
    counts() {
      const present = sender.lanes();
      return lanesOf((lane) => countsOf(present[lane]));
    },
    ended,
  };
}
