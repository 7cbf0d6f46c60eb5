import { randomUUID } from "node:crypto";
import type { DeviceAnnouncement, LocalText } from "@sunledger/model";
import { beforeAll, describe, expect, test } from "vitest";
import type { PlaceSearch, Provision, Records } from "./records.ts";

export type SearchHouse = Pick<
  Records,
  "organisation" | "provision" | "plants" | "devices" | "keepAnnouncement" | "search"
>;

/** What every implementation of the search among plants and devices promises. */
export function searchContract(name: string, open: () => Promise<SearchHouse>): void {
  describe(name, () => {
    let house: SearchHouse;
    let own: string;

    beforeAll(async () => {
      house = await open();
      own = await house.organisation(`Own ${randomUUID()}`);
      await house.provision(provisionOf(own));
      await say("INV-01", { "id.serial": "ES21_0042", "id.model": "SUN2000-110KTL\0" });
      await say("INV-10", { "id.serial": "ES2100042", "id.model": "100%A\\B" });
    }, 120_000);

    const say = async (tag: string, texts: Record<string, string>) => {
      const device = (await house.devices(own)).find((each) => each.tag === tag);
      await house.keepAnnouncement(own, device?.id as string, announcementOf(tag, texts));
    };
    const found = async (text: string, rest: Partial<PlaceSearch> = {}) => {
      const places = await house.search({ organisation: own, text, most: 50, ...rest });
      return places.map(({ mark, plant }) => (plant ? `${mark} of ${plant.code}` : mark));
    };

    test.each([
      ["BAISHAN WORK", ["baishan", "INV-01 of baishan", "INV-02 of baishan"]],
      ["清河屋", ["qinghe", "INV-01 of qinghe", "INV-10 of qinghe", "METER-01 of qinghe"]],
      ["号逆变", ["INV-02 of baishan", "INV-10 of qinghe"]],
      ["河 逆变", ["INV-10 of qinghe"]],
      ["es21_0042", ["INV-01 of qinghe"]],
      ["110ktl", ["INV-01 of qinghe"]],
      ["nothing", []],
      [" \t ", []],
    ])("finds by %j", async (text, marks) => {
      expect(await found(text)).toEqual(marks);
    });

    test.each([
      ["%", ["INV-10 of qinghe"]],
      ["_", ["INV-01 of qinghe"]],
      ["\\", ["INV-10 of qinghe"]],
      ["100%a\\b", ["INV-10 of qinghe"]],
      ["' or true --", []],
    ])("takes %j as it is written", async (text, marks) => {
      expect(await found(text)).toEqual(marks);
    });

    test("puts what is the text before what begins with it, holds it, or has a plant that does", async () => {
      expect(await found("inv-1")).toEqual(["INV-10 of qinghe"]);
      expect(await found("roof")).toEqual([
        "roof",
        "roof-2",
        "qinghe",
        "METER-01 of qinghe",
        "INV-01 of qinghe",
        "INV-10 of qinghe",
      ]);
    });

    test("puts the devices of the plant that one looks at before their equals", async () => {
      const [first, second] = ["INV-01 of baishan", "INV-01 of qinghe"];
      const near = (await house.plants(own)).find(({ code }) => code === "qinghe")?.id;

      expect((await found("inv-01")).toSorted()).toEqual([first, second]);
      expect(await found("inv-01", { near })).toEqual([second, first]);
    });

    test("gives no more than is asked for", async () => {
      expect(await found("roof", { most: 2 })).toEqual(["roof", "roof-2"]);
    });

    test("says what it has found", async () => {
      const [plant] = await house.search({ organisation: own, text: "qinghe", most: 1 });
      const [device] = await house.search({ organisation: own, text: "es21_0042", most: 1 });

      expect(plant).toEqual({ kind: "plant", id: plant?.id, mark: "qinghe", name: qinghe });
      expect(device).toEqual({
        ...{ kind: "device", id: device?.id, mark: "INV-01", name: { en: "Device" } },
        ...{ serial: "ES21_0042", model: expect.stringContaining("SUN2000-110KTL") },
        plant: { id: plant?.id, code: "qinghe", name: qinghe },
      });
    });

    test("finds nothing of another organisation", async () => {
      const organisation = await house.organisation(`Other ${randomUUID()}`);

      expect(await found("inv", { organisation })).toEqual([]);
      expect(await found("roof", { organisation })).toEqual([]);
    });
  });
}

const qinghe = { en: "Qinghe Rooftop", zh: "清河屋顶电站" };

function provisionOf(organisation: string): Provision {
  const device = (tag: string, name: LocalText = { en: "Device" }) => ({
    ...({ tag, name, kind: "inverter", atGrid: false } as const),
  });
  const plant = (code: string, name: LocalText, devices: ReturnType<typeof device>[] = []) => ({
    plant: {
      ...{ code, name, timeZone: "UTC", latitude: 0, longitude: 0, altitudeM: 0 },
      ...{ dcPowerW: 1, acPowerW: 1, gammaPerC: 0 },
    },
    gateways: [],
    devices,
  });
  return {
    organisation,
    plants: [
      plant("qinghe", qinghe, [
        device("INV-01"),
        device("INV-10", { en: "Inverter 10", zh: "10 号逆变器" }),
        device("METER-01", { en: "On the roof" }),
      ]),
      plant("baishan", { en: "Baishan Workshop", zh: "白山厂房电站" }, [
        device("INV-01"),
        device("INV-02", { en: "Inverter 2", zh: "2 号逆变器" }),
      ]),
      plant("roof", { en: "South" }),
      plant("roof-2", { en: "North" }),
    ],
  };
}

function announcementOf(tag: string, texts: Record<string, string>): DeviceAnnouncement {
  return {
    ...{ v: 1, tag, at: 1, kind: "inverter", texts, points: [] },
    profile: { id: "sunspec", version: "1" },
  };
}
