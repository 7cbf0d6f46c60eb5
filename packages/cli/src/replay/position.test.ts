import { expect, test } from "vitest";
import { readPosition } from "./position.ts";

test.each([
  ["30.27,120.15", [30.27, 120.15]],
  ["-33, +151.2", [-33, 151.2]],
  ["90,-180", [90, -180]],
])("%s is a position", (text, place) => {
  expect(readPosition(text)).toEqual(place);
});

test.each([
  "30.27,",
  ",",
  ",120",
  "",
  "0x10,5",
  "1e1,5",
  "30.27",
  "30.27,120.15,7",
  "91,0",
  "0,180.1",
  "NaN,0",
  "30°,120°",
])("'%s' is no position", (text) => {
  expect(() => readPosition(text)).toThrow(/as latitude,longitude in degrees/);
});
