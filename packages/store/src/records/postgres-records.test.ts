import { randomUUID } from "node:crypto";
import type { DeviceAnnouncement } from "@sunledger/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../testing/database-for-test.ts";
import { sampleEntry } from "../testing/sample-entry.ts";
import { findOrganisation } from "./find-organisation.ts";
import { postgresAudit } from "./postgres-audit.ts";
import { postgresRecords } from "./postgres-records.ts";
import type { Provision, Rating, Records } from "./records.ts";

let db: TestDatabase;
let records: Records;

beforeAll(async () => {
  db = await openTestDatabase("records test");
  records = postgresRecords(db.database);
}, 120_000);

afterAll(async () => {
  await db.close();
});

describe("records", () => {
  test("make an organisation once, by its name", async () => {
    const first = await records.organisation("Once");

    expect(await records.organisation("Once")).toBe(first);
    expect(await records.organisation("Another")).not.toBe(first);
  });

  test("look an organisation up without making it", async () => {
    const name = "Looked up";
    expect(await findOrganisation(db.database, name)).toBeUndefined();
    expect(await findOrganisation(db.database, name)).toBeUndefined();
    const made = await records.organisation(name);

    expect(await findOrganisation(db.database, name)).toBe(made);
  });

  test("find a plant, its gateways and devices again by code, id and tag", async () => {
    const organisation = await records.organisation("Again");
    const wanted = qinghe(organisation, "again-gw");
    await records.provision(wanted);
    const before = await records.devices(organisation);

    await records.provision({
      ...wanted,
      plants: wanted.plants.map((each) => ({
        ...each,
        plant: { ...each.plant, name: { en: "Renamed" } },
      })),
    });

    const [plant, ...others] = await records.plants(organisation);
    expect(others).toEqual([]);
    expect(plant).toMatchObject({ code: "qinghe", name: { en: "Renamed" }, gammaPerC: -0.0035 });
    expect(await records.devices(organisation, plant?.id)).toEqual(before);
    expect(before.map(({ tag }) => tag)).toEqual(["INV-01", "METER-01"]);
    expect(before[1]).toMatchObject({ kind: "meter", atGrid: true, gateway: "again-gw" });
    expect(before[0]).not.toHaveProperty("announcement");
  });

  test("write down who rated a device, with what it was rated before", async () => {
    const organisation = await records.organisation("Rated by");
    await records.provision(qinghe(organisation, "rated-gw"));
    const [inverter] = await records.devices(organisation);
    const rate = (rating: Rating, device = inverter?.id ?? "") =>
      records.rate(organisation, device, rating, (before) => ({
        ...sampleEntry("rate", device),
        ...{ before, after: rating },
      }));
    await rate({ ratedAcW: 110_000, ratedDcW: 132_000 });
    await rate({ ratedAcW: 50_000 });
    await rate({ ratedAcW: 1 }, randomUUID());

    const audit = postgresAudit(db.database);
    expect(await audit.list({ organisation, most: 10 })).toMatchObject([
      { before: { ratedAcW: 110_000, ratedDcW: 132_000 }, after: { ratedAcW: 50_000 } },
      { after: { ratedAcW: 110_000, ratedDcW: 132_000 } },
    ]);
  });

  test("rate a device anew, for its organisation alone", async () => {
    const organisation = await records.organisation("Rating");
    const other = await records.organisation("Other rating");
    await records.provision(qinghe(organisation, "rating-gw"));
    const [inverter] = await records.devices(organisation);
    const id = inverter?.id ?? "";
    const rating = async () => {
      const { ratedAcW, ratedDcW } = (await records.device(organisation, id)) ?? {};
      return [ratedAcW, ratedDcW];
    };

    await records.rate(organisation, id, { ratedAcW: 110_000, ratedDcW: 132_000 });
    await records.rate(other, id, { ratedAcW: 1 });
    expect(await rating()).toEqual([110_000, 132_000]);
    await records.rate(organisation, id, { ratedAcW: 50_000 });
    expect(await rating()).toEqual([50_000, undefined]);
    await records.provision(qinghe(organisation, "rating-gw"));
    expect(await rating()).toEqual([50_000, undefined]);
  });

  test("add up what the inverters of a plant are rated for, once each of them is", async () => {
    const organisation = await records.organisation("Sums");
    const wanted = qinghe(organisation, "sums-gw");
    await records.provision(wanted);
    const powers = async () => {
      const [plant] = await records.plants(organisation);
      return [plant?.acPowerW, plant?.dcPowerW];
    };
    // The one inverter says its AC rating alone.
    expect(await powers()).toEqual([110e3, 1e6]);

    const second = { tag: "INV-02", kind: "inverter", name: { en: "Two" }, atGrid: false } as const;
    await records.provision({
      ...wanted,
      plants: wanted.plants.map((each) => ({ ...each, devices: [second] })),
    });
    expect(await powers()).toEqual([880e3, 1e6]);
    for (const { id, kind } of await records.devices(organisation)) {
      if (kind === "inverter") await records.rate(organisation, id, { ratedAcW: 1, ratedDcW: 2 });
    }
    expect(await powers()).toEqual([2, 4]);
  });

  test("keep an event of a device once, for its organisation alone", async () => {
    const organisation = await records.organisation("Events");
    const other = await records.organisation("Other events");
    await records.provision(qinghe(organisation, "events-gw"));
    const [inverter, meter] = await records.devices(organisation);
    if (!inverter || !meter) throw new Error("no devices");
    const at = Date.UTC(2026, 5, 1);
    const point = "ac.energy.import.total";
    const rollover = {
      ...({ id: randomUUID(), device: inverter.id, point, kind: "rollover", at } as const),
      ...{ before: "18446744073709551610", after: "7", counted: "13" },
    };
    const reset = {
      ...({ id: randomUUID(), device: inverter.id, point, kind: "reset", at: at + 1 } as const),
      ...{ before: "9", after: "0" },
      by: { id: "u1", name: "Wang 伟", command: randomUUID() },
    };
    const query = { organisation, devices: [inverter.id], from: at, to: at + 2, most: 10 };

    await records.keepEvents(organisation, [rollover, reset]);
    await records.keepEvents(organisation, [reset, { ...rollover, id: randomUUID() }]);
    await records.keepEvents(organisation, []);

    expect(await records.events(query)).toEqual([reset, rollover]);
    expect(await records.events({ ...query, most: 1 })).toEqual([reset]);
    expect(await records.events({ ...query, to: at + 1 })).toEqual([rollover]);
    expect(await records.events({ ...query, kinds: ["rollover", "leap"] })).toEqual([rollover]);
    expect(await records.events({ ...query, devices: [meter.id, inverter.id] })).toHaveLength(2);
    expect(await records.events({ ...query, devices: [meter.id] })).toEqual([]);
    expect(await records.events({ ...query, organisation: other })).toEqual([]);
    await expect(records.keepEvents(other, [{ ...reset, id: randomUUID() }])).rejects.toThrow();
  });

  test("know a gateway before its organisation is known", async () => {
    const organisation = await records.organisation("Entry");
    await records.provision(qinghe(organisation, "entry-gw"));
    const [inverter, meter] = await records.devices(organisation);

    const entry = await records.gatewayEntry("entry-gw");

    expect(entry).toEqual({
      id: "entry-gw",
      organisation,
      plant: inverter?.plant,
      secretHash: "aa".repeat(32),
      devices: new Map([
        ["INV-01", inverter?.id],
        ["METER-01", meter?.id],
      ]),
    });
    expect(await records.gatewayEntry("nobody")).toBeUndefined();
  });

  test("leave a gateway to the plant that has it", async () => {
    const organisation = await records.organisation("Mine");
    await records.provision(qinghe(organisation, "mine-gw"));
    const [here] = qinghe(organisation, "mine-gw").plants;
    if (!here) throw new Error("no plant");
    const elsewhere = { ...here, plant: { ...here.plant, code: "elsewhere" }, devices: [] };

    await expect(records.provision({ organisation, plants: [elsewhere] })).rejects.toThrow(
      "the gateway mine-gw belongs to another plant",
    );
    const stranger = await records.organisation("Stranger");
    await expect(records.provision(qinghe(stranger, "mine-gw"))).rejects.toThrow(
      "the gateway mine-gw belongs to another organisation",
    );
    expect(await records.plants(stranger)).toEqual([]);
  });

  test("take nothing that they could not give back", async () => {
    const organisation = await records.organisation("Careful");
    const [good] = qinghe(organisation, "careful-gw").plants;
    if (!good) throw new Error("no plant");
    const wrong = { ...good, plant: { ...good.plant, code: "mars", timeZone: "Mars/Olympus" } };

    await expect(records.provision({ organisation, plants: [good, wrong] })).rejects.toThrow(
      "not an IANA time zone",
    );
    expect(await records.plants(organisation)).toEqual([]);
  });

  test("tell where a signed-in user belongs", async () => {
    const organisation = await records.organisation("Members");
    const user = await someUser();
    expect(await records.membership(user)).toBeUndefined();

    await records.addMember(organisation, user, "viewer");
    await records.addMember(organisation, user, "operator");

    expect(await records.membership(user)).toEqual({
      organisation,
      organisationName: "Members",
      role: "operator",
    });
  });

  test("keep what a device and a gateway last said, with whatever characters", async () => {
    const organisation = await records.organisation("Said");
    await records.provision(qinghe(organisation, "said-gw"));
    const [inverter] = await records.devices(organisation);
    const announcement: DeviceAnnouncement = {
      v: 1,
      tag: "INV-01",
      at: 1_790_000_000_000,
      profile: { id: "sunspec", version: "1" },
      kind: "inverter",
      texts: { "id.serial": "A\0B\ud800" },
      points: [
        { name: "ac.power.active", unit: "W", kind: "gauge", lane: "values", everyMs: 1_000 },
      ],
    };

    await records.keepAnnouncement(organisation, inverter?.id as string, announcement);
    await records.keepStatus(organisation, "said-gw", { v: 1, state: "online" }, 1_790_000_000_001);

    const device = await records.device(organisation, inverter?.id as string);
    expect(device?.announcement).toEqual(announcement);
    const all = await records.devices(organisation);
    const ids = all.map(({ id }) => id);
    expect(await records.announcements(organisation, ids)).toEqual(
      new Map([[inverter?.id, announcement]]),
    );
    expect(await records.announcements(organisation, [])).toEqual(new Map());
    expect(await records.deviceList(organisation, inverter?.plant)).toEqual(
      all.map(({ announcement: _, ...one }) => one),
    );
    expect((await records.gatewayEntry("said-gw"))?.heardAt).toBe(1_790_000_000_001);
    expect(await records.gateways(organisation)).toEqual([
      {
        id: "said-gw",
        plant: inverter?.plant,
        status: { v: 1, state: "online" },
        heardAt: 1_790_000_000_001,
      },
    ]);
  });

  test("show an organisation nothing of another", async () => {
    const own = await records.organisation("Own");
    const foreign = await records.organisation("Foreign");
    await records.provision(qinghe(own, "own-gw"));
    const [device] = await records.devices(own);

    expect(await records.plants(foreign)).toEqual([]);
    expect(await records.gateways(foreign)).toEqual([]);
    expect(await records.devices(foreign)).toEqual([]);
    expect(await records.deviceList(foreign)).toEqual([]);
    expect(await records.device(foreign, device?.id as string)).toBeUndefined();
    await records.keepStatus(foreign, "own-gw", { v: 1, state: "online" }, 1);
    expect((await records.gateways(own))[0]).not.toHaveProperty("status");
  });
});

async function someUser(): Promise<string> {
  const id = randomUUID();
  await db.database.pool.query(
    `insert into auth_user (id, name, email, created_at, updated_at)
     values ($1, 'Somebody', $1 || '@example.com', '2026-01-01Z', '2026-01-01Z')`,
    [id],
  );
  return id;
}

function qinghe(organisation: string, gateway: string): Provision {
  const device = { gateway, name: { en: "Device", zh: "设备" } };
  return {
    organisation,
    plants: [
      {
        plant: {
          code: "qinghe",
          name: { en: "Qinghe Rooftop", zh: "清河屋顶电站" },
          timeZone: "Asia/Shanghai",
          latitude: 36.8,
          longitude: 118.06,
          altitudeM: 30,
          dcPowerW: 1e6,
          acPowerW: 880e3,
          gammaPerC: -0.0035,
        },
        gateways: [{ id: gateway, secretHash: "aa".repeat(32) }],
        devices: [
          { ...device, tag: "INV-01", kind: "inverter", atGrid: false, ratedAcW: 110e3 },
          { ...device, tag: "METER-01", kind: "meter", atGrid: true },
        ],
      },
    ],
  };
}
