import { Transform } from "node:stream";
import * as z from "zod";

/** How a file's letters are written: UTF-8, or what machines of China and of western Europe export. */
export const Encoding = z.enum(["utf-8", "gb18030", "latin1"]);
export type Encoding = z.infer<typeof Encoding>;

/** Turns bytes of an encoding into UTF-8. */
export function toUtf8(encoding: Encoding): Transform {
  const decoder = new TextDecoder(encoding);
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      done(null, decoder.decode(chunk, { stream: true }));
    },
    flush(done) {
      done(null, decoder.decode());
    },
  });
}

/** What a reader puts for bytes that are no letter in the encoding it was told. */
const unreadable = "\uFFFD";

export function isUnreadable(text: string): boolean {
  return text.includes(unreadable);
}
