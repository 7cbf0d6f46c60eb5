import { Worker } from "node:worker_threads";
import { type ListTable, UnreadableList } from "./list-table.ts";

export type SheetAnswer = { readonly table: ListTable } | { readonly unreadable: string };

/** What a list of 3,000 rows is read in many times over. */
const bounds = { maxOldGenerationSizeMb: 256 };
const mostMs = 30_000;

let last: Promise<unknown> = Promise.resolve();

/**
 * Reads the first sheet of an Excel workbook (.xlsx), one workbook at a time, in a thread that has so much
 * memory and time and no more. Throws `UnreadableList`.
 */
export function sheetList(bytes: Uint8Array): Promise<ListTable> {
  const table = last.then(() => readApart(bytes));
  last = table.catch(() => {});
  return table;
}

async function readApart(bytes: Uint8Array): Promise<ListTable> {
  const worker = new Worker(new URL("./sheet-worker.ts", import.meta.url), {
    workerData: { bytes },
    resourceLimits: bounds,
  });
  const timer = setTimeout(() => void worker.terminate(), mostMs);
  try {
    const answer = await new Promise<SheetAnswer>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", (cause) => reject(tooMuch(cause)));
      worker.once("exit", () => reject(tooMuch()));
    });
    if ("unreadable" in answer) throw new UnreadableList(answer.unreadable);
    return answer.table;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function tooMuch(cause?: unknown): Error {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (cause instanceof Error && code !== "ERR_WORKER_OUT_OF_MEMORY") return cause;
  return new UnreadableList("it asks for more than a list of devices can be", { cause });
}
