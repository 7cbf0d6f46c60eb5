import type { Gateway, LatestValue, LiveJoined, LiveReach, LiveUpdate } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { DeviceNow } from "../devices/device-now.ts";
import type { DeviceViews } from "../devices/device-views.ts";
import { plantSums } from "../plants/plant-sums.ts";
import { pace } from "./pace.ts";
import { deviceRows, plantRows, sumValues } from "./room-rows.ts";
import { coveragesOf, roomTable, updatesOf } from "./room-table.ts";

/** What a room sends to those in it. */
export type RoomVoice = {
  updates(updates: readonly LiveUpdate[]): void;
  reach(changed: Readonly<Record<string, LiveReach>>): void;
  /** The room's table does not fit any more: whoever is in it has to join again. */
  outdated(): void;
};

export type RoomParts = {
  readonly name: string;
  readonly organisation: string;
  readonly plant: string;
  /** Whether it is the plant's room, with sums and headlines, or a device's with all its points. */
  readonly ofPlant: boolean;
  readonly devices: readonly DeviceNow[];
  readonly gateways: readonly Gateway[];
  readonly views: DeviceViews;
  readonly clock: Clock;
  readonly voice: RoomVoice;
};

/** A room with somebody in it. */
export interface Room {
  readonly name: string;
  readonly organisation: string;
  readonly plant: string;
  /** The gateways that poll its devices. */
  readonly gateways: readonly string[];
  /** The answer to a join. */
  joined(): LiveJoined;
  /** Everything it knows, as updates. */
  everything(): LiveUpdate[];
  changed(device: string, values: readonly LatestValue[]): void;
  /** A gateway has spoken: its devices may have come or gone, or have other points. */
  heard(gateway: string): void;
  /** Time has passed: values may have become too old for a sum, and words for who sleeps. */
  tick(): void;
  close(): void;
}

export function openRoom(parts: RoomParts): Room {
  const { name, ofPlant, gateways, views, clock, voice } = parts;
  const { devices } = parts;
  const rowsOf = ofPlant ? plantRows : deviceRows;
  const table = roomTable(rowsOf(devices), newestOf(devices));
  const shown = new Set(table.rows.map(([, device, point]) => `${device} ${point}`));
  const saidAt = new Map<string, number>();
  const reaches = new Map(devices.map(({ device, reach }) => [device.id, reach]));
  const closing = new AbortController();

  const present = () => views.again(devices, gateways);

  const offerSums = (standing: readonly DeviceNow[]): boolean => {
    if (!ofPlant) return false;
    const now = clock.now();
    const sums = sumValues(plantSums(standing), now, saidAt);
    const offered = sums.map((sum) => {
      saidAt.set(sum.point, sum.at);
      return table.offer(null, sum);
    });
    return offered.includes(true);
  };

  const tellReach = (standing: readonly DeviceNow[]) => {
    const changed: Record<string, LiveReach> = {};
    for (const { device, reach } of standing) {
      const before = reaches.get(device.id);
      if (before?.state === reach.state && before.reason === reach.reason) continue;
      reaches.set(device.id, reach);
      changed[device.id] = reach;
    }
    if (Object.keys(changed).length > 0) voice.reach(changed);
  };

  const send = () => {
    // Sums that no longer count a sleeper come with the word that it is none.
    const standing = present();
    tellReach(standing);
    offerSums(standing);
    const updates = table.take(name);
    if (updates.length > 0) voice.updates(updates);
  };
  const news = pace({ clock, signal: closing.signal, send });

  const leaveIfOutdated = () => {
    const rows = rowsOf(views.anew(devices, gateways));
    if (JSON.stringify(rows) !== JSON.stringify(table.rows)) voice.outdated();
  };

  return {
    name,
    organisation: parts.organisation,
    plant: parts.plant,
    gateways: [...new Set(devices.flatMap(({ device }) => device.gateway ?? []))],

    joined() {
      const standing = present();
      tellReach(standing);
      offerSums(standing);
      return {
        ...{ ok: true, room: name, at: clock.now(), table: [...table.rows] },
        snapshot: table.known.map(({ number, value }) =>
          value.flag
            ? [number, value.value, value.at, value.flag]
            : [number, value.value, value.at],
        ),
        devices: Object.fromEntries(reaches),
        coverage: coveragesOf(table.known),
      };
    },

    everything: () => updatesOf(name, table.known),

    changed(device, values) {
      if (values.map((value) => table.offer(device, value)).includes(true)) news();
      // A plant's room shows few points, and its devices' other points are none of its concern.
      if (!ofPlant && values.some(({ point }) => !shown.has(`${device} ${point}`))) {
        leaveIfOutdated();
      }
    },

    heard(gateway) {
      if (!devices.some(({ device }) => device.gateway === gateway)) return;
      const standing = present();
      tellReach(standing);
      leaveIfOutdated();
      if (offerSums(standing)) news();
    },

    tick() {
      const standing = present();
      tellReach(standing);
      if (offerSums(standing)) news();
    },

    close: () => closing.abort(),
  };
}

function newestOf(devices: readonly DeviceNow[]) {
  return devices.flatMap(({ device, values }) =>
    [...values.values()].map((value) => ({ device: device.id, value })),
  );
}
