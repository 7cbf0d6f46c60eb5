import { type Frame, type FramesMessage, type GivenUp, messageOf } from "@sunledger/model";

/** A frame and about how many bytes its row takes. */
export type SizedFrame = { readonly frame: Frame; readonly bytes: number };

/** The messages that carry these frames, each of at most about `mostBytes` before it is packed. */
export function messagesOf(
  head: Pick<FramesMessage, "gateway" | "epoch" | "lane">,
  kept: readonly SizedFrame[],
  gaps: readonly GivenUp[],
  mostBytes: number,
): FramesMessage[] {
  const ordered = [...kept].sort((a, b) => a.frame.sequence - b.frame.sequence);
  const parts = inParts(ordered, mostBytes);
  if (parts.length === 0 && gaps.length > 0) return [messageOf(head, [], gaps)];
  return parts.map((frames, i) => messageOf(head, frames, i === 0 ? gaps : []));
}

function inParts(kept: readonly SizedFrame[], mostBytes: number): Frame[][] {
  const parts: Frame[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const { frame, bytes } of kept) {
    size += bytes;
    const part = parts.at(-1);
    if (part && size <= mostBytes) {
      part.push(frame);
    } else {
      parts.push([frame]);
      size = bytes;
    }
  }
  return parts;
}
