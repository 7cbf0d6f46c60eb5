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
