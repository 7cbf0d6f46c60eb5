import { addressOf } from "@sunledger/model/device-url";
import { lineKey } from "@sunledger/model/line-address";
import type { Clock, Scope } from "@sunledger/runtime";
import { usualFlashWritesADay } from "../config.ts";
import { ModbusError } from "../modbus/modbus-error.ts";
import type { FoundPoint } from "../modbus/register-point.ts";
import type { Device } from "../polling/device.ts";
import type { DeviceConfig } from "../polling/device-config.ts";
import type { LetWrite, ProxiedWrite } from "../proxy/proxied-write.ts";
import type { CommandBook } from "./command-book.ts";
import type { HoldKeeper } from "./hold-keeper.ts";
import type { OwnFile } from "./permissions.ts";
import { type ProxiedRecordParts, proxiedRecord } from "./proxied-record.ts";
import type { Place } from "./sole-writers.ts";
import { mayBeInFlash } from "./target-point.ts";
import { touchedBy } from "./written-register.ts";

export type ProxiedWritesParts = Omit<ProxiedRecordParts, "clock"> & {
  readonly clock: Clock;
  readonly log: Scope["log"];
  readonly book: Pick<CommandBook, "noteWrite" | "writesWithin">;
  readonly holds: Pick<HoldKeeper, "ifFree" | "find">;
  readonly own: () => OwnFile;
  /** What is polled. */
  readonly devices: () => readonly DeviceConfig[];
  readonly device: (tag: string) => Device | undefined;
};

/** A set-point of a device, at the place that is written. */
type Touched = { readonly tag: string; readonly found: FoundPoint };

const oneDayMs = 86_400_000;

/**
 * Lets the clients of proxies write, each with a record of its own. What stands on an order, or is being
 * written on one, is not theirs; what flash may keep is written no more often than on order.
 */
export function proxiedWrites(parts: ProxiedWritesParts, signal: AbortSignal): LetWrite {
  const { clock, log, book, holds, own } = parts;
  const record = proxiedRecord(parts, signal);

  /**
   * The devices that hear it: unit 0 is every one of the line, and a unit that none of them has may be the
   * proxy's own device, for many answer to any.
   */
  const hearing = ({ line, unit, tag }: ProxiedWrite) => {
    const onLine = parts
      .devices()
      .filter(({ url }) => lineKey(addressOf(url).line) === lineKey(line));
    if (unit === 0) return onLine;
    const meant = onLine.filter(({ url }) => addressOf(url).unit === unit);
    return meant.length > 0 ? meant : onLine.filter((one) => one.tag === tag);
  };

  /** The set-points that stand on an order of the device, with what has to be on for them. */
  const ordered = (tag: string, points: readonly FoundPoint[]): ReadonlySet<string> => {
    const names = new Set(points.flatMap(({ point }) => (point.write ? [point.name] : [])));
    const standing = [...names].flatMap((name) => holds.find(tag, name) ?? []);
    const ownSwitches = standing.flatMap((hold) => hold.switch?.point ?? []);
    const held = new Set(standing.map(({ point }) => point));
    return new Set([...held, ...ownSwitches, ...switchesOf(held, points)]);
  };

  /** `undefined` where it is not its time. */
  const touchedNow = (write: ProxiedWrite): readonly Touched[] | undefined => {
    const all: Touched[] = [];
    for (const { tag } of hearing(write)) {
      const points = parts.device(tag)?.points();
      // Nobody knows yet what lies there.
      if (!points) return undefined;
      const standing = ordered(tag, points);
      for (const found of touchedBy(write.span, points)) {
        if (standing.has(found.point.name)) return undefined;
        all.push({ tag, found });
      }
    }
    return all;
  };

  const isWorn = ({ tag, found: { point } }: Touched) => {
    const most = own().commands?.flashWritesADay ?? usualFlashWritesADay;
    return book.writesWithin(tag, point.name, oneDayMs, clock.now()) >= most;
  };

  /** What may not be written meanwhile: the set-points, and those that count while one of them is on. */
  const placesOf = (touched: readonly Touched[]): readonly Place[] =>
    touched.flatMap(({ tag: device, found: { point } }) => {
      const points = parts.device(device)?.points() ?? [];
      const needing = points.filter((one) => one.point.write?.enabledBy?.name === point.name);
      return [point, ...needing.map((one) => one.point)].map(({ name }) => ({
        device,
        point: name,
      }));
    });

  return async (write, tell) => {
    const touched = touchedNow(write);
    const kept = touched?.filter(
      ({ found: { point } }) => point.write && mayBeInFlash(point.write),
    );
    if (!touched || !kept || kept.some(isWorn)) return false;
    const outcome = await holds.ifFree(placesOf(touched), async () => {
      let isSent = false;
      let failure: unknown;
      const onSend = () => {
        // A device that was busy did nothing with it the first time.
        if (isSent) return;
        try {
          // Before the device hears of it, so that no restart makes room for more.
          for (const { tag, found } of unlike(kept))
            book.noteWrite(tag, found.point.name, clock.now());
        } catch (err) {
          failure = err;
          throw err;
        }
        isSent = true;
      };
      try {
        await tell(onSend);
      } catch (error) {
        if (failure !== undefined) {
          const fields = { err: failure, tag: write.tag };
          log.warn(fields, "write of a proxy's client not counted, and not done");
          return false;
        }
        const isRefused = error instanceof ModbusError && error.kind === "exception";
        if (isSent && !isRefused) record(write);
        throw error;
      }
      record(write);
      return true;
    });
    return outcome === true;
  };
}

/** What has to be on for some set-points to count. */
function switchesOf(names: ReadonlySet<string>, points: readonly FoundPoint[]): readonly string[] {
  return points.flatMap(({ point }) =>
    names.has(point.name) ? (point.write?.enabledBy?.name ?? []) : [],
  );
}

/** Each set-point once: some have several places. */
function unlike(touched: readonly Touched[]): readonly Touched[] {
  return [...new Map(touched.map((one) => [`${one.tag} ${one.found.point.name}`, one])).values()];
}
