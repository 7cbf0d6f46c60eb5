import { DeviceTag, wattsOfKilowatts } from "@sunledger/model";

/** What somebody typed to name a device. */
export type TypedName = {
  readonly tag: string;
  readonly en: string;
  /** Kilowatts; empty where nobody knows. */
  readonly rated: string;
};

export type NameFaults = {
  readonly tag?: "tagWrong" | "tagTaken";
  readonly en?: "missing";
  readonly rated?: "ratedWrong";
};

/** What is wrong with it, field by field; nothing wrong: no field. */
export function nameFaults({ tag, en, rated }: TypedName, taken: readonly string[]): NameFaults {
  const watts = wattsOf(rated);
  return {
    ...(taken.includes(tag) && { tag: "tagTaken" }),
    ...(!DeviceTag.safeParse(tag).success && { tag: "tagWrong" }),
    ...(en.trim() === "" && { en: "missing" }),
    ...(watts !== undefined && !(watts >= 0 && watts < 1e12) && { rated: "ratedWrong" }),
  };
}

/** Typed kilowatts in watts; `NaN` for what is no number or could be two, `undefined` for nothing. */
export function wattsOf(kilowatts: string): number | undefined {
  if (kilowatts.trim() === "") return undefined;
  return wattsOfKilowatts(kilowatts) ?? Number.NaN;
}
