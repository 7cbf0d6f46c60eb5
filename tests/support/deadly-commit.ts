import { writeFileSync } from "node:fs";

/** Lets one program die at a commit to its SQLite file, while it runs. */
export interface DeadlyCommit {
  /** What the program has to be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** It dies at the next commit: just before it, or after it and before anybody is told. */
  arm(place: "before" | "after"): void;
}

const preload = new URL("./dying-at-commit.ts", import.meta.url);

/** The file is the order's own. */
export function deadlyCommit(file: string): DeadlyCommit {
  return {
    env: { NODE_OPTIONS: `--import ${preload.href}`, TEST_DEATH_FILE: file },
    arm: (place) => writeFileSync(file, place),
  };
}
