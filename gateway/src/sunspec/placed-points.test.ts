import { describe, expect, test } from "vitest";
import { loadSunspecModels } from "./models.ts";
import { placedPoints } from "./placed-points.ts";

const models = loadSunspecModels();
const address = 40_200;

test("what a scale factor belongs to has a place as long as the factor lies in the model", () => {
  expect(placeIn(17)).toMatchObject({ address: address + 2, scale: { address: address + 18 } });
  expect(placeIn(16)).toBeUndefined();
});

test("what needs no scale factor has its place in a model cut short", () => {
  const placed = placedPoints([{ id: 124, address, length: 16 }], models);

  expect(placed.find("124:StorCtl_Mod")).toMatchObject({ address: address + 5 });
});

describe("a group within a group", () => {
  // 15 registers, and two curves of 5 with 3 points of 2.
  const curves = { id: 706, address, length: 35 };
  const place = (reference: string, counts?: Record<string, number>) =>
    placedPoints([{ ...curves, ...(counts && { counts }) }], models).find(reference)?.address;

  test("has its place by the counts of the device", () => {
    const counts = { NPt: 3, NCrv: 2 };
    expect(place("706:Crv[1]:Pt[1]:V", counts)).toBe(address + 20);
    expect(place("706:Crv[1]:Pt[3]:W", counts)).toBe(address + 25);
    expect(place("706:Crv[2]:ActPt", counts)).toBe(address + 26);
    expect(place("706:Crv[2]:Pt[3]:W", counts)).toBe(address + 36);
    expect(place("706:Crv[1]:Pt[4]:V", counts)).toBeUndefined();
    expect(place("706:Crv[3]:ActPt", counts)).toBeUndefined();
    expect(placedPoints([{ ...curves, counts }], models).blocksOf("706:Crv[1]:Pt[1]:V")).toBe(3);
  });

  test.each([undefined, { NPt: 4, NCrv: 2 }, { NCrv: 2 }])(
    "has none by the counts %j; of the groups around it the first one's stays",
    (counts) => {
      expect(place("706:Crv[1]:Pt[1]:V", counts)).toBeUndefined();
      expect(place("706:Crv[2]:ActPt", counts)).toBeUndefined();
      expect(place("706:Crv[1]:ActPt", counts)).toBe(address + 15);
    },
  );
});

/** Of model 124, whose scale factors begin at offset 18, with so many registers behind its length. */
function placeIn(length: number) {
  return placedPoints([{ id: 124, address, length }], models).find("124:WChaMax");
}
