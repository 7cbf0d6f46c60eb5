import type { Device } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { beforeEach, expect, test } from "vitest";
import { type PlainRecords, plainRecords } from "../testing/plain-records.ts";
import { sampleAnnouncement, samplePlant } from "../testing/sample-plants.ts";
import { type AnnouncedDevices, announcedDevices } from "./announced-devices.ts";
import { type GatewayWord, gatewayWord } from "./gateway-word.ts";

const noon = Date.UTC(2026, 5, 21, 4);

let records: PlainRecords;
let organisation: string;
let word: GatewayWord;
let announced: AnnouncedDevices;
/** How many announcements were asked for, each time. */
let asked: number[];

beforeEach(async () => {
  records = plainRecords();
  organisation = await records.organisation("own");
  await records.provision({ organisation, plants: [samplePlant("own")] });
  word = gatewayWord(drivenClock(noon));
  asked = [];
  announced = announcedDevices({
    word,
    records: {
      deviceList: records.deviceList,
      announcements(owner, devices) {
        asked.push(devices.length);
        return records.announcements(owner, devices);
      },
    },
  });
});

test("devices that are heard of need no copy of their announcements", async () => {
  for (const device of await records.devices(organisation)) await keep(device);
  for (const device of await records.devices(organisation)) {
    word.announcementHeard("own-gw", sampleAnnouncement(device, noon));
  }
  const devices = await announced.of(organisation);

  expect(asked).toEqual([0]);
  expect(devices.map((device) => word.announcementOf(device)?.tag)).toEqual(
    devices.map(({ tag }) => tag),
  );
});

test("the copy of what is not heard of is read once, and that of nobody each time", async () => {
  const [first] = await records.devices(organisation);
  await keep(first as Device);

  for (const still of [4, 3, 3]) {
    const [device, other] = await announced.of(organisation);
    expect(device?.announcement).toEqual(sampleAnnouncement(first as Device, noon));
    expect(other).not.toHaveProperty("announcement");
    expect(asked.at(-1)).toBe(still);
  }
});

test("what is heard holds against the copy", async () => {
  const [first] = await records.devices(organisation);
  await keep(first as Device);
  await announced.of(organisation);
  const { points: _, ...said } = sampleAnnouncement(first as Device, noon - 1);
  word.announcementHeard("own-gw", { ...said, points: [] });

  const [device] = await announced.of(organisation);
  expect(word.announcementOf(device as Device)?.points).toEqual([]);
});

function keep(device: Device): Promise<void> {
  return records.keepAnnouncement(organisation, device.id, sampleAnnouncement(device, noon));
}
