import type { LineAddress } from "@sunledger/model/line-address";
import type { Link } from "../modbus/link.ts";
import type { Links } from "../modbus/links.ts";
import type { RegisterPoint } from "../modbus/register-point.ts";

export type HeardWords = {
  /** The same connections; what is read over them is remembered. */
  readonly links: Links;
  /** What a point's registers held when they were read last; `undefined` where they were not. */
  of(register: Pick<RegisterPoint, "kind" | "address" | "size">): readonly number[] | undefined;
};

/** Listens to what one device says, for people who want to see what its values were made of. */
export function heardWords(links: Links): HeardWords {
  const words = new Map<string, number>();

  const listening = (link: Link): Link => ({
    ...link,
    async read(span, manners, signal) {
      const heard = await link.read(span, manners, signal);
      for (const [i, word] of heard.entries()) words.set(`${span.kind} ${span.address + i}`, word);
      return heard;
    },
  });

  return {
    links: { ...links, to: (line: LineAddress) => listening(links.to(line)) },
    of({ kind, address, size }) {
      const all = Array.from({ length: size }, (_, i) => words.get(`${kind} ${address + i}`));
      const heard = all.filter((word) => word !== undefined);
      return heard.length === size ? heard : undefined;
    },
  };
}
