import { SeriesError } from "./series-error.ts";

type Writing = {
  readonly lines: readonly string[];
  readonly write: (lines: readonly string[]) => Promise<void>;
  /** What the store takes if it takes anything, and what nobody asks it for. */
  readonly soundLine: string;
};

/**
 * Writes lines. One that the store does not take is blamed only while it takes another (D-6): else the trouble is its
 * own, whatever it says (D-8).
 */
export async function writeOrBlame({ lines, write, soundLine }: Writing): Promise<void> {
  try {
    await write(lines);
  } catch (error) {
    if (lines.length > 1 || !(error instanceof SeriesError) || error.code !== "SERIES_LINE")
      throw error;
    await write([soundLine]).catch((cause: unknown) => {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new SeriesError(message, { kind: "refused", cause });
    });
    throw error;
  }
}

/** Takes the place of a frame when the store is tried out. */
export function soundLineAt(at: number): string {
  return `sunledger_probe value=1 ${at}`;
}
