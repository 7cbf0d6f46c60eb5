import type { DeviceProfile } from "@sunledger/model/profile";
import { chainRulesOf } from "./identify.ts";

/**
 * Where a SunSpec device is asked next. Some fall silent at an address that they do not have, so the
 * bases take turns from one trial to the next, and a dead device costs no more than one time-out.
 */
export type BaseFinder = {
  /** Where its map is looked for first. */
  first(): number | undefined;
  /** Where the next trial asks; the patient ones ask where the map was. */
  toTry(isPatient: boolean): number;
  /** Something answered there. */
  answered(base: number): void;
  /** The map stands there. */
  found(base: number | undefined): void;
};

/** Of so many trials one asks elsewhere than where the map once was. */
const elsewhereEach = 4;

export function baseFinder(profile: DeviceProfile): BaseFinder {
  const bases = profile.protocol === "sunspec" ? chainRulesOf(profile).baseAddresses : [];
  let first: number | undefined;
  let known: number | undefined;
  /** The walk that failed first asked at the first base. */
  let tried = 1;
  return {
    first: () => first,

    toTry(isPatient) {
      const turn = tried;
      tried += 1;
      if (known !== undefined && (isPatient || turn % elsewhereEach > 0)) return known;
      const others = bases.filter((base) => base !== known);
      const place = known === undefined ? turn : turn / elsewhereEach;
      return others[place % others.length] ?? known ?? 0;
    },

    answered(base) {
      if (bases.includes(base)) first = base;
    },

    found(base) {
      known = base;
      first = base;
      tried = 1;
    },
  };
}
