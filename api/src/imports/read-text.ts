import { UnreadableList } from "./list-table.ts";

export type ReadText = {
  readonly text: string;
  /** Absent for Unicode. */
  readonly readAs?: "gb18030";
};

/**
 * Reads UTF-8, UTF-16 by its byte order mark, or what a Chinese Excel saves instead. Throws `UnreadableList`
 * for what is none of them: names would be kept garbled.
 */
export function readText(bytes: Uint8Array): ReadText {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { text: decoded("utf-16le", bytes) };
  if (first === 0xfe && second === 0xff) return { text: decoded("utf-16be", bytes) };
  try {
    return { text: decoded("utf-8", bytes) };
  } catch (cause) {
    if (!(cause instanceof UnreadableList) || isOfOneByte(bytes)) throw cause;
  }
  return { text: decoded("gb18030", bytes), readAs: "gb18030" };
}

function decoded(code: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder(code, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UnreadableList("it is neither UTF-8 nor GB 18030: save it as CSV UTF-8", { cause });
  }
}

/**
 * Whether letters stand alone between those of ASCII, as by the codes of western systems: there they have one
 * byte, while a Chinese one has two, of which the second is high as well for nearly all.
 */
function isOfOneByte(bytes: Uint8Array): boolean {
  let alone = 0;
  let paired = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if ((bytes[at] ?? 0) < 0x80) continue;
    if ((bytes[at + 1] ?? 0) < 0x80) alone += 1;
    else {
      paired += 1;
      at += 1;
    }
  }
  return alone >= paired;
}
