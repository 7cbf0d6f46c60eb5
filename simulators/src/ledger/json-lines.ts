import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type * as z from "zod";

/** Appends a line each; a line before that was cut off by a kill stays by itself. */
export async function appendLines(file: string, lines: readonly object[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `\n${lines.map((line) => `${JSON.stringify(line)}\n`).join("")}`);
}

/** The lines of a file that are whole; none of one that is not there. */
export async function readLines<S extends z.ZodType>(
  file: string,
  schema: S,
): Promise<z.infer<S>[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").flatMap((line) => {
    const parsed = schema.safeParse(json(line));
    return parsed.success ? [parsed.data] : [];
  });
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
