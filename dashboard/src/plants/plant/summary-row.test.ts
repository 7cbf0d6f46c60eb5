import type { PlantDetail } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { type RoomState, roomOf } from "../../live/room.ts";
import { deviceStates, type Moment } from "../../live/standing.ts";
import { inverter, joinedRoom, now, plantSummary } from "../../testing/sample-plant.ts";
import { plantRow } from "../overview/plant-row.ts";
import { peersOf } from "./deviation.ts";
import { deviceRow, meterDirection } from "./device-row.ts";
import { summaryRow } from "./summary-row.ts";

const devices = [inverter(1), inverter(2), { ...inverter(3), kind: "meter" as const }];

describe("the power of a plant on its page", () => {
  test("is that of its inverters while it is current", () => {
    expect(standing(night(), now + 1_000)).toMatchObject({
      tile: -140,
      rows: [-70, -70, -70],
    });
  });

  test("is what the overview says once a plant of sleepers has fallen silent", () => {
    const { tile, overview, rows } = standing(night(), now + 30_000);

    expect([tile, overview]).toEqual([null, null]);
    // No row goes on giving a part that the sum does not have.
    expect(rows.slice(0, 2)).toEqual([null, null]);
  });

  test("counts no sleeper's last word, and no row shows one", () => {
    const room = night();
    const meter = room.points.get("inverter-3/ac.power.active");
    if (!meter) throw new Error("no meter");
    room.points.set("inverter-3/ac.power.active", { ...meter, at: now + 60_000 });
    room.polled.set("inverter-3/1000", now + 60_000);

    expect(standing(room, now + 60_000)).toMatchObject({ tile: 0, rows: [null, null, -70] });
  });
});

/** Two inverters that sleep and a meter that goes on, each having said −70 W at `now`. */
function night(): RoomState {
  const room = roomOf(joinedRoom({ power: -140, inverters: [-70, -70, -70] }));
  for (const device of ["inverter-1", "inverter-2"])
    room.reach.set(device, { state: "asleep", since: now });
  return room;
}

function standing(room: RoomState, at: number) {
  const moment: Moment = { now: at, lost: false };
  const { devices: deviceCounts, ...summary } = plantSummary();
  const plant: PlantDetail = { ...summary, deviceCounts, devices, gateways: [] };
  const states = deviceStates(room, moment);
  const peers = peersOf(devices.slice(0, 2), room, states, moment);
  return {
    tile: summaryRow(plant, room, peers, moment).powerW.value,
    overview: plantRow(plantSummary(), room, moment).powerW.value,
    rows: devices.map((device) => deviceRow(device, room, states, moment).headline?.value),
  };
}

test.each([
  [-70, now, "export"],
  [70, now, "import"],
  [-70, now + 60_000, undefined],
] as const)("a meter that says %d W at %d says in words %s", (watts, at, way) => {
  const room = roomOf(joinedRoom({ inverters: [-70, -70, watts] }));
  const moment = { now: at, lost: false };
  const states = deviceStates(room, moment);
  const ways = devices.map((device) => meterDirection(deviceRow(device, room, states, moment)));

  expect(ways).toEqual([undefined, undefined, way]);
});
