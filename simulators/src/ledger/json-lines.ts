import { appendFile, mkdir, readFile, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type * as z from "zod";

/** Appends a line each; a line before that was cut off by a kill stays by itself. */
export async function appendLines(file: string, lines: readonly object[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `\n${lines.map((line) => `${JSON.stringify(line)}\n`).join("")}`);
}

/** A full file gives way to a new one; the file before it is kept as `FILE.1`, older ones are not. */
export async function turnWhenFull(file: string, mostBytes: number): Promise<void> {
  const { size } = await stat(file).catch(orElse({ size: 0 }));
  if (size > mostBytes) await rename(file, `${file}.1`);
}

/** The lines that are whole of a file and the one before it; none of one that is not there. */
export async function readLines<S extends z.ZodType>(
  file: string,
  schema: S,
): Promise<z.infer<S>[]> {
  const older = await readFile(`${file}.1`, "utf8").catch(orElse(""));
  const newer = await readFile(file, "utf8").catch(orElse(""));
  return `${older}\n${newer}`.split("\n").flatMap((line) => {
    const parsed = schema.safeParse(json(line));
    return parsed.success ? [parsed.data] : [];
  });
}

function orElse<T>(absent: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT") return absent;
    throw error;
  };
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
