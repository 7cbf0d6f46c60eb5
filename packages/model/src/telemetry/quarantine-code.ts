import * as z from "zod";

/**
 * Why a row is in quarantine (D-6), as far as people have to know; the reason beside it says the rest.
 * `unreadable`: of its message not even the head could be read. `malformed`: the row does not have the
 * form of a frame or of an event. `refusedLayout`: its layout cannot be used. `wrongLane`: its layout is of
 * the other lane. `unknownDevice`: the plant has no such device. `future`: it is later than clocks go
 * wrong. `crookedGap`: a gap ends before it begins. `numberTaken`: its number belongs to another frame of its epoch. `refused`: the store refuses it.
 */
export const QuarantineCode = z.enum([
  "unreadable",
  "malformed",
  "refusedLayout",
  "wrongLane",
  "unknownDevice",
  "future",
  "crookedGap",
  "numberTaken",
  "refused",
]);
export type QuarantineCode = z.infer<typeof QuarantineCode>;
