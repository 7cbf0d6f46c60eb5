import { type LatestValue, LiveRoom } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { Records } from "@sunledger/store";
import type { DeviceViews } from "../devices/device-views.ts";
import { openRoom, type Room, type RoomVoice } from "./room.ts";

export type RoomsParts = {
  readonly records: Records;
  readonly views: DeviceViews;
  readonly clock: Clock;
  /** Speaks to those in the room of that name. */
  readonly voiceOf: (room: string) => RoomVoice;
};

/** The rooms that have somebody in them. */
export interface Rooms {
  readonly open: Iterable<Room>;
  /** The room of that name, opened when nobody was in it; `undefined` when the organisation has no such. */
  enter(organisation: string, name: string): Promise<Room | undefined>;
  find(name: string): Room | undefined;
  /** Nobody is in it any more. */
  left(name: string): void;
  changed(device: string, values: readonly LatestValue[]): void;
  heard(gateway: string): void;
}

export function openRooms(parts: RoomsParts): Rooms {
  const { clock, voiceOf, views } = parts;
  const rooms = new Map<string, Room>();

  return {
    get open() {
      return rooms.values();
    },

    async enter(organisation, name) {
      const known = rooms.get(name);
      if (known) return known.organisation === organisation ? known : undefined;
      const content = await contentOf(parts, organisation, name);
      if (!content) return undefined;
      // Somebody may have opened it meanwhile: there is one room of a name.
      const meanwhile = rooms.get(name);
      if (meanwhile) return meanwhile;
      const room = openRoom({ name, organisation, ...content, views, clock, voice: voiceOf(name) });
      rooms.set(name, room);
      return room;
    },

    find: (name) => rooms.get(name),

    left(name) {
      rooms.get(name)?.close();
      rooms.delete(name);
    },

    changed(device, values) {
      for (const room of rooms.values()) room.changed(device, values);
    },

    heard(gateway) {
      for (const room of rooms.values()) room.heard(gateway);
    },
  };
}

async function contentOf({ records, views }: RoomsParts, organisation: string, name: string) {
  const [subject, id = ""] = LiveRoom.parse(name).split(":");
  if (subject === "device") {
    const device = await views.one(organisation, id);
    if (!device) return undefined;
    const { plant } = device.device;
    const gateways = await records.gateways(organisation, plant);
    return { plant, ofPlant: false, devices: [device], gateways };
  }
  const plant = (await records.plants(organisation)).find((plant) => plant.id === id);
  if (!plant) return undefined;
  return { plant: id, ofPlant: true, ...(await views.of(organisation, id)) };
}
