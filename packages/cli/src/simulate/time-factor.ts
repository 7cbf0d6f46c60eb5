import { readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";

const Paced = z.object({ timeFactor: z.number().positive() });

/**
 * How fast a scenario wants time to pass; `undefined` where it does not say. A file that cannot be
 * read or used says nothing here either: the simulators tell what is wrong with it.
 */
export function timeFactorOf(file: string): number | undefined {
  try {
    return Paced.safeParse(parse(readFileSync(file, "utf8"), { merge: true })).data?.timeFactor;
  } catch {
    return undefined;
  }
}
