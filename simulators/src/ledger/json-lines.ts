import { appendFile, type FileHandle, mkdir, open, rename, stat } from "node:fs/promises";
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

/**
 * The lines that are whole of a file and the one before it, in their order; none of one that is not there. They are
 * read piece by piece, so that whoever shares the process goes on with its work between them.
 */
export async function* readLines<S extends z.ZodType>(
  file: string,
  schema: S,
): AsyncGenerator<z.infer<S>> {
  for await (const line of textLines(file)) {
    const parsed = schema.safeParse(json(line));
    if (parsed.success) yield parsed.data;
  }
}

/** So much is read at a time, and worked on in one go. */
const pieceBytes = 16 * 1024;

async function* textLines(file: string): AsyncGenerator<string> {
  const files = await bothOf(file);
  try {
    for (const one of files) {
      let rest = "";
      const pieces = one.createReadStream({
        encoding: "utf8",
        highWaterMark: pieceBytes,
        autoClose: false,
      });
      for await (const piece of pieces) {
        const lines = `${rest}${piece}`.split("\n");
        rest = lines.pop() ?? "";
        yield* lines;
      }
      yield rest;
    }
  } finally {
    for (const one of files) await one.close();
  }
}

/** The older file and the newer one, as far as they are there, even while the one gives way to the other. */
async function bothOf(file: string): Promise<FileHandle[]> {
  const newer = await open(file).catch(orElse(undefined));
  const older = await open(`${file}.1`).catch(orElse(undefined));
  if (!newer || !older) return [older, newer].filter((one) => one !== undefined);
  const [one, other] = [await newer.stat(), await older.stat()];
  if (one.ino !== other.ino) return [older, newer];
  await Promise.all([newer.close(), older.close()]);
  return bothOf(file);
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
