import { createHash } from "node:crypto";
import {
  Command,
  type CommandResult,
  type GatewayPermissions,
  type RefusalCode,
} from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";
import * as z from "zod";
import type { LetWrite } from "../proxy/proxied-write.ts";
import { admit } from "./admit.ts";
import type { RevertResult } from "./bring-back.ts";
import type { CommandBook } from "./command-book.ts";
import { Failure, failureOf } from "./failure.ts";
import type { Hold } from "./hold.ts";
import { holdKeeper } from "./hold-keeper.ts";
import { networksOf } from "./networks.ts";
import type { InHand, Outcome } from "./order.ts";
import { permissionsOf } from "./permissions.ts";
import { proxiedWrites } from "./proxied-writes.ts";
import { type ReadingParts, readNow, search, testRead } from "./readings.ts";
import { Refusal } from "./refusal.ts";
import { release } from "./release.ts";
import { sessionWords } from "./session-words.ts";
import { noteEvent, type SetPointParts, setPoint } from "./set-points.ts";
import { trace } from "./trace.ts";

export type CommandDeskParts = Omit<ReadingParts, "networks"> &
  Omit<SetPointParts, "holds"> & {
    readonly clock: Clock;
    readonly log: Scope["log"];
    readonly book: CommandBook;
    /** Whether something keeps this machine's clock right now. */
    readonly isSynced: () => boolean;
    /** What the gateway polls, as a document that could be pushed. */
    readonly configuration: () => Record<string, unknown>;
    /** Whether the broker has taken the result. */
    readonly send: (result: CommandResult) => Promise<boolean>;
    /** The word of the session has changed. */
    readonly onSession: () => void;
  };

/** Obeys the platform's orders, as far as the gateway's own file and the profiles allow. */
export interface CommandDesk {
  /** Takes a message of the command topic, whatever it is. */
  hear(message: unknown): void;
  /** A connection begins: only what is ordered from now on counts; what was not told is told. */
  begun(): void;
  session(): string;
  permissions(): GatewayPermissions;
  /** What the clients of proxies write goes this way, too. */
  readonly letWrite: LetWrite;
  /** Resolves when nothing is in hand, after the signal's abort. */
  settled(): Promise<void>;
}

const Named = z.object({ id: z.uuid(), what: z.object({ kind: z.string() }).optional() });
const mostInHand = 32;
const longestReason = 500;

/** Opens the desk; what stood on an order when the gateway last ran is brought back in time. */
export function commandDesk(parts: CommandDeskParts, signal: AbortSignal): CommandDesk {
  const { book, clock, log, own } = parts;
  const words = sessionWords(
    { clock, isRotating: () => !parts.isSynced(), onChange: parts.onSession },
    signal,
  );
  const inHand = new Map<string, { readonly kind: string; readonly cancel: AbortController }>();
  const underWay = new Set<Promise<void>>();

  const stamp = (id: string) => ({ v: 1 as const, id, at: clock.now() });
  const send = (result: CommandResult, isLast = false) => {
    const sent = parts
      .send(result)
      .then((taken) => {
        if (taken && isLast && !signal.aborted) book.told(result.id);
      })
      .catch((err: unknown) => log.warn({ err, id: result.id }, "result not told"));
    underWay.add(sent);
    void sent.finally(() => underWay.delete(sent));
  };
  const over = (result: CommandResult) => {
    try {
      book.settle(result);
    } catch (err) {
      log.error({ err, id: result.id }, "result not recorded");
    }
    send(result, true);
  };

  const onRevert = (hold: Hold, result: RevertResult) => {
    const { outcome, reason } = result;
    if (outcome === "done" && hold.previous) noteEvent("reverted", hold, hold, parts);
    log.info({ tag: hold.device, point: hold.point, outcome, reason }, "set-point reverts");
    send({
      ...stamp(hold.command),
      ...{ state: "revert", outcome },
      ...(reason && { reason: reason.slice(0, longestReason) }),
      ...(result.written && { written: result.written }),
    });
  };
  const { device, isSynced } = parts;
  const holds = holdKeeper({ clock, log, book, device, isSynced, onRevert }, signal);
  const writing = { ...parts, holds };
  const reading = { ...parts, networks: () => networksOf(own()) };

  const obey = (command: Command, hand: InHand): Promise<Outcome> | Outcome => {
    const { what } = command;
    switch (what.kind) {
      case "set":
        return setPoint(what, hand, writing);
      case "release":
        return release(what, hand, writing);
      case "read":
        return readNow(what, hand, reading);
      case "test-read":
        return testRead(what, hand, reading);
      case "scan":
        return search(what, hand, reading);
      case "trace":
        return trace(what, hand, parts);
      case "tell-configuration":
        return { configuration: parts.configuration() };
      case "cancel": {
        const other = inHand.get(what.id);
        if (!other) throw new Refusal("nothingToCancel", `${what.id} is not in hand`);
        other.cancel.abort();
        return {};
      }
    }
  };

  const checkRoom = ({ what: { kind } }: Command) => {
    const isSearching = kind === "scan" && [...inHand.values()].some((one) => one.kind === "scan");
    if (isSearching) throw new Refusal("busy", "another search is in hand");
    if (inHand.size >= mostInHand) throw new Refusal("busy", `${mostInHand} commands are in hand`);
  };

  const judge = (command: Command) => {
    admit(command, { words, now: clock.now(), isSynced: parts.isSynced() });
  };

  const carryOut = async (command: Command) => {
    const { id, orderedBy, what } = command;
    const cancel = new AbortController();
    const hand: InHand = {
      ...{ id, by: orderedBy, signal: AbortSignal.any([signal, cancel.signal]) },
      accepted: () => send({ ...stamp(id), state: "accepted" }),
      progress: (progress) => send({ ...stamp(id), state: "progress", ...progress }),
      stillCounts: () => judge(command),
    };
    try {
      judge(command);
      checkRoom(command);
      inHand.set(id, { kind: what.kind, cancel });
      const outcome = await obey(command, hand);
      log.info({ id, kind: what.kind, by: orderedBy.name }, "command obeyed");
      over({ ...stamp(id), state: "done", ...outcome });
    } catch (error) {
      const isEnding = signal.aborted && !(error instanceof Refusal);
      const ended = isEnding ? new Failure("interrupted", "the gateway is stopping") : error;
      log.warn({ id, kind: what.kind, by: orderedBy.name, err: error }, "command not obeyed");
      const result: CommandResult = { ...stamp(id), ...notDone(ended, cancel.signal.aborted) };
      over(result);
    } finally {
      inHand.delete(id);
    }
  };

  const refuse = (id: string, code: RefusalCode, reason: string) => {
    send({ ...stamp(id), state: "refused", code, reason: reason.slice(0, longestReason) });
  };

  const take = (command: Command) => {
    const { id } = command;
    const digest = createHash("sha256").update(JSON.stringify(command)).digest("base64url");
    const known = book.find(id);
    if (known) {
      if (known.digest === digest) return send(known.result, known.result.state !== "accepted");
      return refuse(id, "idReused", "another command had this id");
    }
    book.begin(digest, { ...stamp(id), state: "accepted" });
    const run = carryOut(command).finally(() => underWay.delete(run));
    underWay.add(run);
  };

  for (const id of book.interrupted()) {
    const reason = "the gateway stopped while it was under way";
    book.settle({ ...stamp(id), state: "failed", code: "interrupted", reason });
  }

  return {
    hear(message) {
      const command = Command.safeParse(message);
      try {
        if (command.success) return take(command.data);
      } catch (err) {
        log.error({ err }, "command not recorded");
        const reason = "this gateway cannot write down what it does";
        return refuse(command.data?.id ?? "", "notRecorded", reason);
      }
      const named = Named.safeParse(message);
      if (!named.success) return log.warn({ err: command.error }, "command cannot be read");
      const isKnown = kinds.has(named.data.what?.kind ?? "");
      const reason = isKnown ? z.prettifyError(command.error) : "this gateway does not know it";
      return refuse(named.data.id, isKnown ? "malformed" : "unknownKind", reason);
    },

    begun() {
      words.renew();
      for (const result of book.untold()) send(result, true);
    },

    session: words.current,
    letWrite: proxiedWrites(writing, signal),
    permissions: () => permissionsOf(own(), networksOf(own())),

    async settled() {
      await holds.settled();
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

const kinds: ReadonlySet<string> = new Set(
  Command.shape.what.options.map((option) => option.shape.kind.value),
);

type Refused = Omit<Extract<CommandResult, { readonly state: "refused" }>, "v" | "id" | "at">;
type Failed = Omit<Extract<CommandResult, { readonly state: "failed" }>, "v" | "id" | "at">;

function notDone(error: unknown, isCancelled: boolean): Refused | Failed {
  if (error instanceof Refusal) {
    const { code, message, reasons } = error;
    const reason = message.slice(0, longestReason);
    const several = reasons.length > 1 ? { reasons: [...reasons] } : {};
    return { state: "refused", code, reason, ...several };
  }
  const { code, message, written } = failureOf(error);
  const isOurs = isCancelled && (code === "internal" || code === "unreachable");
  return {
    state: "failed",
    code: isOurs ? "cancelled" : code,
    reason: message.slice(0, longestReason),
    ...(written && { written }),
  };
}
