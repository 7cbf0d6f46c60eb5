import * as z from "zod";

/** Something in a gateway's file that is wrong. */
export type Fault = {
  /** Names and numbers that lead to what is meant, from the file's top. */
  readonly path: readonly PropertyKey[];
  /** Whether the name itself is wrong, rather than what stands behind it. */
  readonly isName?: boolean;
  readonly reason: string;
  /** What to do about it. */
  readonly advice?: string;
};

/** A path as people write it: `devices[1].profile`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "the file" : z.core.toDotPath(path);
}
