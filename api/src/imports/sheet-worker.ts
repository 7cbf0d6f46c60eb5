import { parentPort, workerData } from "node:worker_threads";
import { UnreadableList } from "./list-table.ts";
import { readSheet } from "./read-sheet.ts";
import type { SheetAnswer } from "./sheet-list.ts";

/** The thread in which one workbook is read. */
const { bytes }: { bytes: Uint8Array } = workerData;

const answer = async (): Promise<SheetAnswer> => {
  try {
    return { table: await readSheet(bytes) };
  } catch (cause) {
    if (cause instanceof UnreadableList) return { unreadable: cause.message };
    throw cause;
  }
};

parentPort?.postMessage(await answer());
