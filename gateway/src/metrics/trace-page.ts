import type { Clock, Page } from "@sunledger/runtime";
import type { Device } from "../polling/device.ts";

export type TracePageParts = {
  readonly devices: () => readonly Pick<Device, "tag" | "trace">[];
  readonly clock: Pick<Clock, "now">;
};

const usual = { seconds: 10, pieces: 200 };
const most = { seconds: 60, pieces: 5_000 };
const plain = "text/plain; charset=utf-8";

/**
 * `/trace?device=INV-01`, with `&seconds=` up to 60 and `&pieces=` up to 5000: the bytes that a device's line
 * carries meanwhile, a line of text each time some went (`>`) or came (`<`), said when the time is over.
 */
export function tracePage({ devices, clock }: TracePageParts): Page {
  return async (query, signal) => {
    const tag = query.get("device") ?? "";
    const device = devices().find((one) => one.tag === tag);
    if (!device) {
      const tags = devices().map((one) => one.tag);
      return [404, plain, `there is no device ${tag}: ?device= is one of ${tags.join(", ")}\n`];
    }
    const seconds = numberIn(query, "seconds");
    const pieces = numberIn(query, "pieces");
    if (seconds === undefined || pieces === undefined) {
      return [400, plain, `seconds is 1 to ${most.seconds}, pieces is 1 to ${most.pieces}\n`];
    }
    const lines = [`# the line of ${tag}, with all units that share it`];
    const bounds = { forMs: seconds * 1_000, most: pieces, signal };
    const count = await device.trace(bounds, ({ direction, hex }) => {
      const at = new Date(clock.now()).toISOString();
      lines.push(`${at} ${direction === "sent" ? ">" : "<"} ${hex}`);
    });
    lines.push(count < pieces ? `# ${seconds} s` : `# ${pieces} pieces`);
    return [200, plain, `${lines.join("\n")}\n`];
  };
}

function numberIn(query: URLSearchParams, name: keyof typeof usual): number | undefined {
  const text = query.get(name) ?? String(usual[name]);
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= most[name] ? number : undefined;
}
