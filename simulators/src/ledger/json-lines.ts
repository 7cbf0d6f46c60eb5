import { appendFile, type FileHandle, mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type * as z from "zod";
import { earlierFiles, type FileRoom, giveWay, isFull } from "./numbered-files.ts";

/** Appends a line each; a line before that was cut off by a kill stays by itself. */
export async function appendLines(file: string, lines: readonly object[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `\n${lines.map((line) => `${JSON.stringify(line)}\n`).join("")}`);
}

/** A full file gives way to a new one; gives back the names of the older ones that had to go for it. */
export async function turnWhenFull(file: string, room: FileRoom): Promise<string[]> {
  const { size } = await stat(file).catch(orElse({ size: 0 }));
  return isFull(size, room) ? giveWay(file, room) : [];
}

/**
 * The lines that are whole of a file and those before it, in their order; none of one that is not there. They are
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
  const files = await filesOf(file);
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

/** Those before a file and itself, as far as they are there, each once even while one gives way to another. */
async function filesOf(file: string): Promise<FileHandle[]> {
  // The newest comes first: what gives way from now on is among the others.
  const newest = await open(file).catch(orElse(undefined));
  const opened = await Promise.all(
    earlierFiles(file).map((one) => open(one).catch(orElse(undefined))),
  );
  const earlier = opened.filter((one) => one !== undefined);
  if (!newest) return earlier;
  const { ino } = await newest.stat();
  const places = await Promise.all(earlier.map((one) => one.stat()));
  if (places.every((one) => one.ino !== ino)) return [...earlier, newest];
  await newest.close();
  return earlier;
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
