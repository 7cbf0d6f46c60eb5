import { randomUUID } from "node:crypto";
import { mostConfiguredDevices } from "@sunledger/model";
import { beforeEach, describe, expect, test } from "vitest";
import { sampleEntry } from "../testing/sample-entry.ts";
import { sampleRollout } from "../testing/sample-rollout.ts";
import type { Audit } from "./audit.ts";
import type {
  Configurations,
  DeviceToCome,
  NewConfiguration,
  ReportedConfiguration,
} from "./configurations.ts";
import type { Rollouts } from "./rollouts.ts";

export type ConfigurationsHouse = {
  readonly configurations: Configurations;
  readonly rollouts: Rollouts;
  readonly audit: Audit;
  /** Two organisations; plant and gateway are the first one's, with a device INV-01 that was announced. */
  readonly own: string;
  readonly other: string;
  readonly plant: string;
  readonly gateway: string;
  devices(): Promise<
    readonly {
      readonly id: string;
      readonly tag: string;
      readonly name: { readonly en: string };
    }[]
  >;
};

const noon = Date.UTC(2026, 5, 21, 4);

/** What every implementation of `Configurations` promises. */
export function configurationsContract(name: string, open: () => Promise<ConfigurationsHouse>) {
  describe(name, () => {
    let house: ConfigurationsHouse;
    beforeEach(async () => {
      house = await open();
    });

    const version = (number: number, document: NewConfiguration["document"] = { devices: [] }) => ({
      ...{ gateway: house.gateway, version: number, document, at: noon + number },
      ...{ by: { id: "u1", name: "Wang 伟" }, note: `number ${number}` },
    });
    const add = (number: number, ...devices: readonly DeviceToCome[]) =>
      house.configurations.add(house.own, version(number), { devices });
    const inverter = (tag: string, en = tag): DeviceToCome => ({
      ...{ tag, name: { en }, kind: "inverter", atGrid: false },
      ...{ plant: house.plant, gateway: house.gateway, ratedAcW: 5_000 },
    });
    const list = (more: object = {}) =>
      house.configurations.list({
        ...{ organisation: house.own, gateway: house.gateway, most: 10 },
        ...more,
      });

    test("takes the next version and no other", async () => {
      expect(await add(2)).toBe("notNext");
      expect(await add(1)).toBe("kept");
      expect(await add(1)).toBe("notNext");
      expect(await add(2)).toBe("kept");

      expect(await list()).toEqual([
        { ...version(2), state: "sent" },
        { ...version(1), state: "sent" },
      ]);
      expect(await list({ before: 2 })).toHaveLength(1);
      expect(await list({ most: 1 })).toMatchObject([{ version: 2 }]);
    });

    test("lets one of two have the next version", async () => {
      const both = await Promise.all([add(1), add(1)]);

      expect([...both].sort()).toEqual(["kept", "notNext"]);
    });

    test("keeps a document without one: the gateway's file has the word", async () => {
      await house.configurations.add(house.own, version(1, null));

      expect(await house.configurations.one(house.own, house.gateway, 1)).toMatchObject({
        document: null,
      });
    });

    test("keeps what the gateway says of a version", async () => {
      await add(1);
      const refused: ReportedConfiguration = {
        ...{ version: 1, at: noon, reasons: ["devices[0].url"] },
        state: "refused",
      };

      expect(await house.configurations.report(house.own, house.gateway, refused)).toBe(true);
      expect(await list()).toMatchObject([
        { state: "refused", reasons: ["devices[0].url"], reportedAt: noon },
      ]);
      const applied = { version: 1, state: "applied", at: noon + 1 } as const;
      await house.configurations.report(house.own, house.gateway, applied);
      const [now] = await list();
      expect(now).toMatchObject({ state: "applied", reportedAt: noon + 1 });
      expect(now).not.toHaveProperty("reasons");
      const strange = { version: 9, state: "applied", at: noon } as const;
      expect(await house.configurations.report(house.own, house.gateway, strange)).toBe(false);
    });

    test("remembers which version was applied last, whatever became of it", async () => {
      const last = () => house.configurations.lastApplied(house.own, house.gateway);
      const hear = (number: number, state: ReportedConfiguration["state"]) =>
        house.configurations.report(house.own, house.gateway, {
          ...{ version: number, state, at: noon },
        });
      for (const number of [1, 2, 3]) await add(number);
      expect(await last()).toBeUndefined();
      await hear(1, "applied");
      await hear(2, "trial");
      expect(await last()).toMatchObject({ version: 1, state: "applied" });
      await hear(2, "applied");
      await hear(3, "refused");
      expect(await last()).toMatchObject({ version: 2, state: "applied" });
      await hear(2, "refused");
      await hear(1, "applied");
      expect(await last()).toMatchObject({ version: 2, state: "refused" });
      expect(await house.configurations.lastApplied(house.other, house.gateway)).toBeUndefined();
    });

    test("keeps which version one brings again", async () => {
      await add(1);
      await house.configurations.add(house.own, { ...version(2), again: 1 });

      const versions = await list();
      expect(versions).toMatchObject([{ version: 2, again: 1 }, { version: 1 }]);
      expect(versions[1]).not.toHaveProperty("again");
    });

    test("registers devices with the version, or nothing", async () => {
      expect(await add(1, inverter("INV-09", "First"))).toBe("kept");
      // Nothing has come from it yet: a second attempt corrects the first.
      expect(await add(2, inverter("INV-09", "Second"))).toBe("kept");
      const taken = { tagTaken: "INV-01" };
      expect(await add(3, inverter("INV-10"), inverter("INV-01"))).toEqual(taken);

      expect(await list()).toHaveLength(2);
      const devices = await house.devices();
      expect(devices.find(({ tag }) => tag === "INV-09")?.name.en).toBe("Second");
      expect(devices.map(({ tag }) => tag)).not.toContain("INV-10");
      expect(await add(3, inverter("INV-10"), inverter("INV-11"))).toBe("kept");
      const tags = (await house.devices()).map(({ tag }) => tag);
      expect(tags).toEqual(expect.arrayContaining(["INV-10", "INV-11"]));
    });

    test("takes back the devices of a refused version, unless another one polls them", async () => {
      const tags = async () => (await house.devices()).map(({ tag }) => tag);
      const idOf = async (tag: string) =>
        (await house.devices()).find((one) => one.tag === tag)?.id;
      const refuse = (number: number) =>
        house.configurations.report(house.own, house.gateway, {
          ...{ version: number, state: "refused", at: noon },
        });
      const polling = (number: number, ...polled: readonly string[]) =>
        house.configurations.add(
          house.own,
          version(number, { devices: polled.map((tag) => ({ tag })) }),
          { devices: polled.map((tag) => inverter(tag)) },
        );
      await polling(1, "INV-09", "INV-10");
      const id = await idOf("INV-09");
      await polling(2, "INV-10");
      await refuse(1);
      expect(await tags()).toContain("INV-10");
      expect(await tags()).not.toContain("INV-09");

      await refuse(2);
      expect(await tags()).not.toContain("INV-10");
      await polling(3, "INV-09");
      expect(await idOf("INV-09")).toBe(id);
      await house.configurations.report(house.own, house.gateway, {
        ...{ version: 3, state: "rolledBack", at: noon },
      });
      expect(await tags()).toContain("INV-09");
    });

    test("registers as many devices as a gateway polls", async () => {
      const many = Array.from({ length: mostConfiguredDevices }, (_, i) => inverter(`NEW-${i}`));

      expect(await add(1, ...many)).toBe("kept");
      const tags = new Set((await house.devices()).map(({ tag }) => tag));
      expect(many.filter(({ tag }) => !tags.has(tag))).toEqual([]);
    });

    test("leaves a device alone that another gateway of the plant is to poll", async () => {
      expect(await add(1, inverter("INV-09"))).toBe("kept");
      const others = { ...inverter("INV-09"), gateway: "another-gateway" };
      const outcome = house.configurations.add(house.own, version(2), { devices: [others] });

      expect(await outcome).toEqual({ tagTaken: "INV-09" });
    });

    test("keeps nothing for a roll-out that has changed meanwhile", async () => {
      const made = sampleRollout(1);
      const { id } = made;
      await house.rollouts.add(house.own, made);
      const addFor = (number: number, revision: number, rollout = id) =>
        house.configurations.add(house.own, version(number), {
          rollout: { id: rollout, revision },
        });

      expect(await addFor(1, 0)).toBe("kept");
      await house.rollouts.save(house.own, { ...made, revision: 1, state: "stopped" });
      expect(await addFor(2, 0)).toBe("rolloutChanged");
      expect(await addFor(2, 0, randomUUID())).toBe("rolloutChanged");
      expect(await list()).toHaveLength(1);
      expect(await addFor(2, 1)).toBe("kept");
    });

    test("writes down who made a version, or nothing of both", async () => {
      const entry = sampleEntry("makeVersion", house.gateway);
      const addWith = (number: number, ...devices: readonly DeviceToCome[]) =>
        house.configurations.add(house.own, version(number), { devices, entry });
      const written = () => house.audit.list({ organisation: house.own, most: 10 });

      expect(await addWith(2)).toBe("notNext");
      expect(await addWith(1, inverter("INV-01"))).toEqual({ tagTaken: "INV-01" });
      expect(await written()).toEqual([]);
      expect(await addWith(1)).toBe("kept");
      expect(await written()).toEqual([{ ...entry, number: expect.any(Number) }]);
    });

    test("shows nothing to others", async () => {
      await add(1);
      const said = { version: 1, state: "applied", at: noon } as const;

      expect(await house.configurations.one(house.other, house.gateway, 1)).toBeUndefined();
      expect(await list({ organisation: house.other })).toEqual([]);
      expect(await house.configurations.report(house.other, house.gateway, said)).toBe(false);
    });
  });
}
