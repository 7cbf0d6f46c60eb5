import { expect, test } from "vitest";
import { addressedPoints } from "../profiles/addressed-points.ts";
import { loadProfiles } from "../profiles/load-profiles.ts";
import { loadSunspecModels, sunspecPointNames } from "../sunspec/models.ts";
import { polledPoints } from "./polled-point.ts";

const profiles = loadProfiles({ sunspec: sunspecPointNames(loadSunspecModels()) });

test("devices of a kind share their points, and those of which less is wanted have their own", () => {
  const profile = profiles.get("eastron-sdm630");
  if (!profile) throw new Error("the profile is gone");
  const listed = (choice?: Parameters<typeof polledPoints>[2]) =>
    polledPoints(addressedPoints(profile), profile, choice);

  expect(listed()).toBe(listed());
  expect(listed()).toHaveLength(profile.points.filter(({ poll }) => poll !== "never").length);

  const few = listed({ include: ["ac.voltage.*"] });
  expect(few).toBe(listed({ include: ["ac.voltage.*"] }));
  expect(few.length).toBeGreaterThan(2);
  expect(few.every(({ name }) => name.startsWith("ac.voltage."))).toBe(true);
  expect(listed({ exclude: ["ac.voltage.*"] })).toHaveLength(listed().length - few.length);
});

test("what others are multiplied by is read again with the slow class, however seldom its profile wants it (trait 23)", () => {
  const profile = profiles.get("chint-dtsu666");
  if (!profile) throw new Error("the profile is gone");
  const seldom = {
    ...profile,
    points: profile.points.map((point) =>
      point.name.startsWith("ratio.") ? { ...point, poll: "once" as const } : point,
    ),
  };
  const ofRatios = (chosen: typeof profile) =>
    polledPoints(addressedPoints(chosen), chosen, undefined)
      .filter(({ name }) => name.startsWith("ratio."))
      .map(({ poll }) => poll);

  expect(ofRatios(seldom)).toEqual(["slow", "slow"]);
  expect(ofRatios(profile)).toEqual(["slow", "slow"]);
});
