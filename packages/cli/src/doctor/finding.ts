/** What one check of an installation found. */
export type Finding = {
  /** What was looked at. */
  readonly what: string;
  readonly state: "well" | "wrong" | "unknown";
  /** What was seen. */
  readonly seen: string;
  /** What to do about it, where something is wrong. */
  readonly advice?: string;
};

export function well(what: string, seen: string): Finding {
  return { what, state: "well", seen };
}

export function wrong(what: string, seen: string, advice: string): Finding {
  return { what, state: "wrong", seen, advice };
}

/** It could not be looked at, since something else is in the way that is reported by itself. */
export function unknown(what: string, seen: string): Finding {
  return { what, state: "unknown", seen };
}
