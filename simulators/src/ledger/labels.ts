import { join } from "node:path";
import * as z from "zod";
import { appendLines, readLines } from "./json-lines.ts";

/** A line of `{plant}.labels.jsonl`: what was the matter, and what it cost so far. */
const LabelLine = z.object({
  v: z.literal(1),
  id: z.string(),
  kind: z.string(),
  device: z.string().optional(),
  start: z.int(),
  end: z.int().optional(),
  until: z.int(),
  lostWh: z.number().nonnegative(),
});
type LabelLine = z.infer<typeof LabelLine>;
export type LedgerLabel = Omit<LabelLine, "v">;

/** Writes down the labels of a plant: each when it is new, when it is over, and when told to. */
export type LabelBook = {
  /** Those that are new, over or counted further behind their end since the last time; `all`: also those that go on. */
  write(labels: readonly LedgerLabel[], all?: boolean): Promise<void>;
  /** Ends those that go on by what was written: with the last word on each, or at an instant behind that. */
  end(which: (label: LedgerLabel) => boolean, at: number): Promise<void>;
};

type Said = { readonly over: boolean; readonly until: number };

const fileOf = (folder: string, plant: string) => join(folder, `${plant}.labels.jsonl`);

/** Opens the labels of a plant in the folder and goes on behind what it holds. */
export function openLabels(folder: string, plant: string): LabelBook {
  /** Of the labels that were told of last: whether they were over, and how far their energy was counted. */
  let written: ReadonlyMap<string, Said> = new Map();
  const append = async (labels: readonly LedgerLabel[]) => {
    if (labels.length === 0) return;
    const lines = labels.map((label) => ({ v: 1, ...label }) satisfies LabelLine);
    await appendLines(fileOf(folder, plant), lines);
  };
  return {
    async write(labels, all = false) {
      const said = new Map<string, Said>();
      const due = labels.filter((label) => {
        const { id, until } = label;
        const before = said.get(id) ?? written.get(id);
        const over = isOver(label);
        said.set(id, { over, until });
        if (before?.over !== over) return true;
        return over ? before.until !== until : all;
      });
      await append(due);
      // Only now: what could not be written is written the next time.
      written = said;
    },

    async end(which, at) {
      const open = (await readLabels(folder, plant)).filter(({ end }) => end === undefined);
      const ended = open.filter(which).map((label) => {
        const end = Math.max(label.until, at);
        return { ...label, end, until: end };
      });
      await append(ended);
    },
  };
}

function isOver({ end, until }: LedgerLabel): boolean {
  return end !== undefined && until >= end;
}

/** What `openLabels` has written of a plant, the latest word on each fault, by its beginning. */
export async function readLabels(folder: string, plant: string): Promise<LedgerLabel[]> {
  const latest = new Map<string, LedgerLabel>();
  for await (const { v: _, ...label } of readLines(fileOf(folder, plant), LabelLine)) {
    latest.set(label.id, label);
  }
  return [...latest.values()].sort((a, b) => a.start - b.start);
}
