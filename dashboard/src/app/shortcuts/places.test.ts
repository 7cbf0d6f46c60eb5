import { expect, test } from "vitest";
import { type Place, placesFor, saidOf } from "./places.ts";

const qinghe = { en: "Qinghe Rooftop", zh: "清河屋顶电站" };
const baishan = { en: "Baishan Workshop", zh: "白山厂房电站" };
const places: readonly Place[] = [
  { kind: "plant", id: "q", name: qinghe, mark: "qinghe" },
  { kind: "plant", id: "b", name: baishan, mark: "baishan" },
  device("METER-01", { en: "Beside INV-04" }, qinghe),
  device("INV-04", { en: "Inverter 4", zh: "4 号逆变器" }, qinghe),
  device("INV-04", { en: "Inverter 4", zh: "4 号逆变器" }, baishan),
];

test.each([
  ["", ["qinghe", "baishan", "METER-01", "INV-04", "INV-04"]],
  ["QING", ["qinghe", "METER-01", "INV-04"]],
  ["清河 逆变", ["INV-04"]],
  ["inv-04", ["INV-04", "INV-04", "METER-01"]],
  ["inv baishan", ["INV-04"]],
  ["nothing", []],
])("%s finds %j", (query, marks) => {
  expect(placesFor(query, places).map(({ mark }) => mark)).toEqual(marks);
});

test("a device of the plant one looks at stands before its namesakes", () => {
  const ofPlants = (query: string, here?: string) =>
    placesFor(query, places, here).map(({ mark, of }) => `${mark} ${of?.en ?? ""}`.trim());

  expect(ofPlants("inv-04", baishan.en)).toEqual([
    "INV-04 Baishan Workshop",
    "INV-04 Qinghe Rooftop",
    "METER-01 Qinghe Rooftop",
  ]);
  expect(ofPlants("inv-04", qinghe.en)[0]).toBe("INV-04 Qinghe Rooftop");
});

test.each([
  ["es21", "ES2100042"],
  ["inv-04 sun2000", "SUN2000-110KTL"],
  ["inv-04", undefined],
  ["INVERTER", undefined],
  [" ", undefined],
])("a device found by %j shows %s of what it says of itself", (query, shown) => {
  const inverter = { ...device("INV-04", { en: "Inverter 4 INV" }, qinghe) };
  const said = ["ES2100042", "SUN2000-110KTL", "INV-04 Inverter"];

  expect(saidOf(query, { ...inverter, said })).toBe(shown);
});

test("no more are found than can be read", () => {
  const many = Array.from({ length: 500 }, (_, n) =>
    device(`INV-${n}`, { en: "Inverter" }, qinghe),
  );

  expect(placesFor("", many)).toHaveLength(12);
});

function device(mark: string, name: Place["name"], of: Place["name"]): Place {
  return { kind: "device", id: `${mark} ${of.en}`, name, mark, of, plant: of.en };
}
