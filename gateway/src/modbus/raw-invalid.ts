import type { RawInvalid } from "@sunledger/model/profile";

/** The raw values of a profile's `invalid`, ready to be compared. */
export function rawInvalid(invalid: RawInvalid | undefined): (bigint | "NaN")[] {
  if (invalid === undefined) return [];
  return [invalid].flat().map((raw) => (raw === "NaN" ? raw : BigInt(raw)));
}
