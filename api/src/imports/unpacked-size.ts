import { inflateRawSync } from "node:zlib";
import { UnreadableList } from "./list-table.ts";

/** A list of 3,000 rows unpacks to a few megabytes. */
const mostUnpacked = 32 * 1024 * 1024;
const mostEntries = 1_000;

const endMark = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const entryMark = 0x02014b50;
/** Instead of a size or a place: it stands in a record for large archives. */
const elsewhere = 0xffffffff;
const stored = 0;
const deflated = 8;

/**
 * Refuses a ZIP archive that unpacks to more than a list can be, whatever it says of its sizes: a few
 * kilobytes can unpack to gigabytes. Throws `UnreadableList`.
 */
export function refuseLargeArchive(bytes: Uint8Array): void {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    let left = mostUnpacked;
    for (const packed of entriesOf(archive)) left -= unpackedSize(packed, left);
  } catch (cause) {
    if (cause instanceof UnreadableList) throw cause;
    throw new UnreadableList("it is no Excel workbook (.xlsx), or a damaged one", { cause });
  }
}

type Packed = { readonly method: number; readonly content: Buffer };

function* entriesOf(archive: Buffer): Generator<Packed> {
  const end = archive.lastIndexOf(endMark);
  if (end < 0) throw new Error("no end of an archive");
  const [disk, diskOfDirectory, countOnDisk, count = 0] = [4, 6, 8, 10].map((offset) =>
    archive.readUInt16LE(end + offset),
  );
  if (count > mostEntries) throw new UnreadableList("it holds too many files to be a list");
  let at = archive.readUInt32LE(end + 16);
  // Whatever reads it may believe another one of these than is believed here.
  const isWhole = disk === 0 && diskOfDirectory === 0 && countOnDisk === count;
  if (!isWhole || at + archive.readUInt32LE(end + 12) !== end) throw new Error("no plain archive");
  for (let i = 0; i < count; i += 1) {
    if (archive.readUInt32LE(at) !== entryMark) throw new Error("no entry of an archive");
    const size = archive.readUInt32LE(at + 20);
    const place = archive.readUInt32LE(at + 42);
    if ([size, place, archive.readUInt32LE(at + 24)].includes(elsewhere))
      throw new Error("an entry for a large archive");
    const begin = place + 30 + archive.readUInt16LE(place + 26) + archive.readUInt16LE(place + 28);
    yield { method: archive.readUInt16LE(at + 10), content: archive.subarray(begin, begin + size) };
    const [name, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  if (at !== end) throw new Error("more entries than it counts");
}

function unpackedSize({ method, content }: Packed, most: number): number {
  if (method === stored) return sizeWithin(content.length, most);
  if (method !== deflated) throw new Error(`packed by method ${method}`);
  if (most <= 0) throw tooLarge();
  try {
    return inflateRawSync(content, { maxOutputLength: most }).length;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    throw code === "ERR_BUFFER_TOO_LARGE" ? tooLarge() : cause;
  }
}

function sizeWithin(size: number, most: number): number {
  if (size > most) throw tooLarge();
  return size;
}

function tooLarge(): UnreadableList {
  return new UnreadableList("it unpacks to more than a list of devices can be");
}
