import { randomUUID } from "node:crypto";
import type { Device, Gateway, KeptEvent, Plant, Role } from "@sunledger/model";
import {
  type DeviceToCome,
  foundAmong,
  type Membership,
  memoryAudit,
  type Records,
  registeredId,
} from "@sunledger/store";

type Owned<T> = { readonly organisation: string; item: T };

export type PlainRecords = Records & {
  /** Registers devices with a configuration: all, or none and the tag that is taken. */
  register(organisation: string, coming: readonly DeviceToCome[]): string | undefined;
  /** Removes such devices of a gateway as were never announced. */
  unregister(organisation: string, gateway: string, tags: readonly string[]): void;
};

/** Records in plain objects, for tests of routes. Keeps organisations apart like the real ones. */
export function plainRecords(audit = memoryAudit()): PlainRecords {
  const organisations = new Map<string, string>();
  const members = new Map<string, Membership>();
  const plants: Owned<Plant>[] = [];
  const gateways: Owned<Gateway>[] = [];
  const devices: Owned<Device>[] = [];
  const events: Owned<KeptEvent>[] = [];
  const of = <T>(all: readonly Owned<T>[], organisation: string): T[] =>
    all.filter((one) => one.organisation === organisation).map(({ item }) => item);

  const records: PlainRecords = {
    async gatewayEntry(id) {
      const owned = gateways.find(({ item }) => item.id === id);
      if (!owned) return undefined;
      const { organisation, item } = owned;
      return { id, organisation, plant: item.plant, secretHash: "", devices: new Map() };
    },
    membership: async (user) => members.get(user),

    async organisation(name) {
      const known = [...organisations].find(([, kept]) => kept === name)?.[0];
      const id = known ?? randomUUID();
      organisations.set(id, name);
      return id;
    },

    async provision({ organisation, plants: wanted }) {
      for (const { plant, gateways: ids, devices: parts } of wanted) {
        const id = randomUUID();
        plants.push({ organisation, item: { ...plant, id } });
        for (const gateway of ids) {
          gateways.push({ organisation, item: { id: gateway.id, plant: id } });
        }
        for (const part of parts) {
          devices.push({ organisation, item: { ...part, id: randomUUID(), plant: id } });
        }
      }
    },

    async addMember(organisation: string, user: string, role: Role) {
      const organisationName = organisations.get(organisation) ?? "";
      members.set(user, { organisation, organisationName, role });
    },

    plants: async (organisation) =>
      of(plants, organisation).map((plant) => {
        const isOf = ({ plant: at, kind }: Device) => at === plant.id && kind === "inverter";
        return { ...plant, ...ratedIn(of(devices, organisation).filter(isOf)) };
      }),
    gateways: async (organisation, plant) =>
      of(gateways, organisation).filter((one) => plant === undefined || one.plant === plant),
    devices: async (organisation, plant) =>
      of(devices, organisation).filter((one) => plant === undefined || one.plant === plant),
    deviceList: async (organisation, plant) =>
      (await records.devices(organisation, plant)).map(({ announcement: _, ...device }) => device),
    announcements: async (organisation, wanted) => {
      const known = of(devices, organisation).filter(({ id }) => wanted.includes(id));
      return new Map(
        known.flatMap(({ id, announcement }) => (announcement ? [[id, announcement]] : [])),
      );
    },
    device: async (organisation, id) => of(devices, organisation).find((one) => one.id === id),

    search: async (wanted) =>
      foundAmong(of(plants, wanted.organisation), of(devices, wanted.organisation), wanted),

    async rate(organisation, device, { ratedAcW, ratedDcW }, entryOf) {
      const owned = devices.find(
        (one) => one.organisation === organisation && one.item.id === device,
      );
      if (!owned) return;
      const { ratedAcW: ac, ratedDcW: dc, ...item } = owned.item;
      const before = { ...(ac !== undefined && { ratedAcW: ac }) };
      audit.note(organisation, entryOf?.({ ...before, ...(dc !== undefined && { ratedDcW: dc }) }));
      owned.item = {
        ...item,
        ...(ratedAcW !== undefined && { ratedAcW }),
        ...(ratedDcW !== undefined && { ratedDcW }),
      };
    },
    async keepAnnouncement(_organisation, device, announcement) {
      const owned = devices.find(({ item }) => item.id === device);
      if (owned) owned.item = { ...owned.item, announcement };
    },
    async keepStatus(_organisation, gateway, status, heardAt) {
      const owned = gateways.find(({ item }) => item.id === gateway);
      if (owned) owned.item = { ...owned.item, status, heardAt };
    },
    async keepEvents(organisation, fresh) {
      for (const item of fresh) events.push({ organisation, item });
    },
    events: async ({ organisation, devices, kinds, from, to, most }) =>
      of(events, organisation)
        .filter(({ device, kind }) => devices.includes(device) && (kinds?.includes(kind) ?? true))
        .filter(({ at }) => at >= from && at < to)
        .sort((a, b) => b.at - a.at)
        .slice(0, most),
    register(organisation, coming) {
      const placeOf = ({ plant, tag }: DeviceToCome) =>
        devices.findIndex(({ item }) => item.plant === plant && item.tag === tag);
      const taken = coming.find((one) => {
        const other = devices[placeOf(one)]?.item;
        return other && (other.announcement || other.gateway !== one.gateway);
      });
      if (taken) return taken.tag;
      for (const one of coming) {
        const { ratedAcW, ratedDcW, ...item } = one;
        const place = placeOf(one);
        if (place >= 0) devices.splice(place, 1);
        devices.push({ organisation, item: { ...item, id: registeredId(one) } });
      }
      return undefined;
    },
    unregister(_organisation, gateway, tags) {
      for (const tag of tags) {
        const place = devices.findIndex(
          ({ item }) => item.gateway === gateway && item.tag === tag && !item.announcement,
        );
        if (place >= 0) devices.splice(place, 1);
      }
    },

    close: async () => {},
  };
  return records;
}

/** The power of inverters, as far as each of them is rated. */
function ratedIn(inverters: readonly Device[]): Partial<Pick<Plant, "acPowerW" | "dcPowerW">> {
  const all = (rated: readonly (number | undefined)[]) => {
    const known = rated.filter((watts) => watts !== undefined);
    const isWhole = known.length > 0 && known.length === rated.length;
    return isWhole ? known.reduce((sum, watts) => sum + watts, 0) : undefined;
  };
  const acPowerW = all(inverters.map((one) => one.ratedAcW));
  const dcPowerW = all(inverters.map((one) => one.ratedDcW));
  return {
    ...(acPowerW !== undefined && { acPowerW }),
    ...(dcPowerW !== undefined && { dcPowerW }),
  };
}
