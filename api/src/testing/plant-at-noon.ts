import { randomUUID } from "node:crypto";
import {
  type Device,
  type Flag,
  PlantCurve,
  PlantList,
  type PlantSummary,
  type Value,
} from "@sunledger/model";
import { type TestApi, testApi } from "./test-api.ts";

export const minute = 60_000;
export const hour = 60 * minute;
/** Midnight, sunrise and noon of a summer day in Shanghai. */
export const midnight = Date.UTC(2026, 5, 20, 16);
export const sunrise = midnight + 5 * hour;
export const noon = midnight + 12 * hour;

type Morning = { readonly irradiance: number; readonly power: readonly (number | null)[] };

/** The first organisation's plant of an api whose time is noon, and what is done with it in tests. */
export type PlantAtNoon = {
  readonly api: TestApi;
  readonly cookie: string;
  /** Stores values of the device of that tag. */
  record(
    tag: string,
    at: number,
    values: Readonly<Record<string, Value>>,
    flags?: Readonly<Record<string, Flag>>,
  ): Promise<void>;
  /** Two hours before noon at 5 min, or as many as are told. */
  recordMorning(morning: Morning, from?: number): Promise<void>;
  /** The daylight up to noon. */
  recordDaylight(morning: Morning): Promise<void>;
  /** The gateway says that the inverters sleep, which have been silent since the evening. */
  sleepAt(at: number): Promise<void>;
  /** What the gateway says of the night of all inverters. */
  tellSleep(night: { readonly from: number; readonly to: number }): Promise<void>;
  addInverter(): Promise<Device>;
  /** The plant in the list of all plants. */
  summary(): Promise<PlantSummary>;
  curveOf(query: Readonly<Record<string, string>>): Promise<PlantCurve>;
};

export async function plantAtNoon(): Promise<PlantAtNoon> {
  const api = await testApi(noon);
  const cookie = await api.cookie(api.own);

  const record: PlantAtNoon["record"] = async (tag, at, values, flags = {}) => {
    const device = api.own.devices.get(tag);
    if (!device) throw new Error(`no device ${tag}`);
    await api.record(device.id, at, values, flags);
  };

  const recordMorning: PlantAtNoon["recordMorning"] = async (morning, from = noon - 2 * hour) => {
    for (let at = from; at < noon; at += 5 * minute) {
      await record("MET-01", at, { "met.irradiance.poa": morning.irradiance });
      for (const [i, power] of morning.power.entries()) {
        if (power !== null) await record(`INV-0${i + 1}`, at, { "ac.power.active": power });
      }
    }
  };

  return {
    ...{ api, cookie, record, recordMorning },
    recordDaylight: (morning) => recordMorning(morning, sunrise),

    async sleepAt(at) {
      for (const tag of ["INV-01", "INV-02"]) {
        await record(tag, midnight - 4 * hour, { "ac.power.active": 12 });
      }
      const reach = { state: "reachable" as const, since: midnight };
      const asleep = { state: "asleep" as const, since: midnight };
      const devices = { "INV-01": asleep, "INV-02": asleep, "METER-01": reach, "MET-01": reach };
      api.word.statusHeard("own-gw", { v: 1, state: "online", at, devices }, at);
    },

    async tellSleep({ from, to }) {
      const events = ["INV-01", "INV-02"].flatMap((tag) =>
        (
          [
            ["asleep", from],
            ["awake", to],
          ] as const
        ).map(([kind, at]) => ({
          ...{ id: randomUUID(), device: api.own.devices.get(tag)?.id ?? "", kind, at },
          ...{ point: "state.sleep", before: "", after: kind },
        })),
      );
      await api.records.keepEvents(api.own.id, events);
    },

    async addInverter() {
      const [first] = await api.records.devices(api.own.id);
      if (!first) throw new Error("no device");
      const third = { ...first, id: randomUUID(), tag: "INV-03" };
      const { devices } = api.records;
      api.records.devices = async (organisation, plant) => [
        ...(await devices(organisation, plant)),
        third,
      ];
      return third;
    },

    async summary() {
      const { body } = await api.get("/api/v1/plants", cookie);
      const [plant] = PlantList.parse(body).items;
      if (!plant) throw new Error("no plant");
      return plant;
    },

    async curveOf(query) {
      const asked = new URLSearchParams({ width: "36", ...query });
      const { body } = await api.get(`/api/v1/plants/${api.own.plant}/curve?${asked}`, cookie);
      return PlantCurve.parse(body);
    },
  };
}
