import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { ConfigError } from "@sunledger/runtime";

/** How far a file can be read. */
export type PackedState =
  | { readonly kind: "whole" }
  /** It ends too early: what is there is right. */
  | { readonly kind: "cut" }
  /** It is damaged somewhere behind so many bytes of its text. */
  | { readonly kind: "damaged"; readonly readableBytes: number };

/**
 * Damage shows only where the packing contradicts itself, mostly some hundred bytes and at times two
 * thousand behind where it began: what was read until then is digits that nobody has written.
 */
const doubtfulBytes = 32_768;

export function isPacked(path: string): boolean {
  return path.endsWith(".gz");
}

/**
 * Reads a packed file to its end. Throws when it is not packed at all, and when only its checksum says
 * that it is damaged: any of its rows may be wrong then.
 */
export async function packedState(path: string): Promise<PackedState> {
  if (!isPacked(path)) return { kind: "whole" };
  let bytes = 0;
  const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const file = createReadStream(path);
    const unpacked = createGunzip();
    file.on("error", (error) => unpacked.destroy(error));
    unpacked.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    unpacked.on("error", resolve);
    unpacked.on("end", () => resolve(undefined));
    file.pipe(unpacked);
  });
  if (!failure) return { kind: "whole" };
  if (failure.code === "Z_BUF_ERROR") return { kind: "cut" };
  if (failure.code !== "Z_DATA_ERROR") throw failure;
  if (bytes === 0 && failure.message.includes("header")) {
    throw new ConfigError(`the file ${path} is not packed with gzip, as its name says`);
  }
  if (/incorrect (data|length) check/.test(failure.message)) {
    throw new ConfigError(
      `the packed file ${path} is damaged: its checksum does not fit, and which rows are wrong cannot be told`,
    );
  }
  return { kind: "damaged", readableBytes: Math.max(0, bytes - doubtfulBytes) };
}

/** What is said at the place where a file can be read no further; `undefined` at its own end. */
export function endOf({ kind }: PackedState): string | undefined {
  if (kind === "whole") return undefined;
  return kind === "cut"
    ? "the packed file is cut off here"
    : "the packed file is damaged near here";
}
