import { type LineAddress, lineKey, lineText } from "@sunledger/model/line-address";
import { type Link, type LinkParts, openLink } from "./link.ts";

/** The connections of a gateway: one for each host and port or serial port, whoever asks. */
export interface Links {
  /** Throws where a serial port is asked for with other settings than before. */
  to(line: LineAddress): Link;
  /** Closes a connection; who asks for it again is given a new one. */
  release(link: Link): void;
  close(): void;
}

export function modbusLinks(parts: Omit<LinkParts, "address">): Links {
  const links = new Map<string, { readonly link: Link; readonly text: string }>();
  return {
    to(line) {
      const key = lineKey(line);
      const text = lineText(line);
      const known = links.get(key);
      if (known && known.text !== text) throw new Error(`${text} is open as ${known.text}`);
      if (known) return known.link;
      const link = openLink({ ...parts, address: line });
      links.set(key, { link, text });
      return link;
    },

    release(link) {
      link.close();
      for (const [key, known] of links) if (known.link === link) links.delete(key);
    },

    close() {
      for (const { link } of links.values()) link.close();
      links.clear();
    },
  };
}
