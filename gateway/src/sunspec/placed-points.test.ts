import { expect, test } from "vitest";
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

/** Of model 124, whose scale factors begin at offset 18, with so many registers behind its length. */
function placeIn(length: number) {
  return placedPoints([{ id: 124, address, length }], models).find("124:WChaMax");
}
