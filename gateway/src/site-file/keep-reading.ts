import { readFileSync, watch } from "node:fs";
import { dirname } from "node:path";
import { ConfigError, type Scope } from "@sunledger/runtime";
import { ProfileError } from "../profiles/load-profiles.ts";

export type KeepReadingParts = {
  readonly file: string;
  /** Reads the file and lives by it; a `ConfigError` refuses what the file says. */
  readonly apply: () => Promise<void>;
  readonly log: Scope["log"];
  /** Real time for which the file has to be left alone before it is read. */
  readonly settleMs?: number;
};

export type Rereading = {
  /** Reads the file anew, whether or not it has changed. */
  again(): void;
  /** Resolves when nothing is being applied. */
  settled(): Promise<void>;
};

/** Applies a file whenever it changes, one reading after the other, until the signal is aborted. */
export function keepReading(
  { file, apply, log, settleMs = 300 }: KeepReadingParts,
  signal: AbortSignal,
): Rereading {
  let seen = textOf(file);
  let settling: NodeJS.Timeout | undefined;
  let applying: Promise<void> = Promise.resolve();

  const read = async () => {
    if (signal.aborted) return;
    seen = textOf(file);
    try {
      await apply();
    } catch (error) {
      if (error instanceof ConfigError || error instanceof ProfileError) {
        log.error({ file, reasons: error.message.split("\n") }, "configuration refused");
      } else {
        log.error({ file, err: error }, "configuration not wholly applied");
      }
    }
  };
  const again = () => {
    applying = applying.then(read);
  };
  // What editors and container platforms do to a file are renames and links: its text is what counts.
  const look = () => {
    const text = textOf(file);
    if (text !== undefined && text !== seen) again();
  };

  try {
    const watching = watch(dirname(file), { signal }, () => {
      clearTimeout(settling);
      settling = setTimeout(look, settleMs);
    });
    watching.on("error", (err) => log.warn({ file, err }, "configuration is not watched"));
  } catch (err) {
    log.warn({ file, err }, "configuration is not watched");
  }
  signal.addEventListener("abort", () => clearTimeout(settling), { once: true });
  return { again, settled: () => applying };
}

/** `undefined` while there is none, as between the two steps of a replacement. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
