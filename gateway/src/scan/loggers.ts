import type { KnownProfile, Profiles } from "../profiles/load-profiles.ts";
import type { Scan } from "./scan-device.ts";

/** Units to look at, and which profiles may stand there though no register names them. */
export type Place = {
  readonly units: readonly number[];
  readonly profiles: readonly string[];
  /** Nothing else is expected there, and nothing else counts. */
  readonly only: boolean;
};

/** The loggers that answer at a unit for themselves, by their profiles. */
export function loggersAt(profiles: Profiles, unit: number): readonly string[] {
  return mastersIn(profiles).flatMap(({ id, children }) =>
    children.unit.self.includes(unit) ? [id] : [],
  );
}

/** Where the loggers may be of which children were found. */
export function loggersOf(profiles: Profiles, found: readonly Scan[]): readonly Place[] {
  const there = idsOf(found);
  return mastersIn(profiles)
    .filter(({ id }) => !there.has(id))
    .filter(({ children }) => children.members.some((member) => there.has(member.profile)))
    .map(({ id, children }) => ({ units: children.unit.self, profiles: [id], only: true }));
}

/** Where the children may be of the loggers that were found. */
export function childrenOf(profiles: Profiles, found: readonly Scan[]): readonly Place[] {
  const there = idsOf(found);
  return mastersIn(profiles)
    .filter(({ id }) => there.has(id))
    .map(({ children: { unit, members } }) => {
      const [first, last] = unit.range;
      const range = Array.from({ length: last - first + 1 }, (_, i) => first + i);
      const mapped = members.filter(({ map }) => map === "master");
      return {
        units: range.filter((one) => !unit.self.includes(one)),
        profiles: mapped.map(({ profile }) => profile),
        only: false,
      };
    });
}

type Master = KnownProfile & { readonly children: NonNullable<KnownProfile["children"]> };

function mastersIn(profiles: Profiles): readonly Master[] {
  return [...profiles.values()].flatMap((profile) =>
    profile.children ? [{ ...profile, children: profile.children }] : [],
  );
}

function idsOf(found: readonly Scan[]): ReadonlySet<string> {
  return new Set(found.flatMap(({ devices }) => devices.map(({ profile }) => profile)));
}
