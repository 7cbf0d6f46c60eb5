import { parentPort, workerData } from "node:worker_threads";
import { OutboxNotOpenError } from "./errors.ts";
import { type OutboxFile, openOutboxFile } from "./outbox-file.ts";
import type { Room } from "./space.ts";
import type { Answer, Call, WorkerCalls } from "./worker-calls.ts";

/** The thread in which the outbox waits for the disk, so that no poll ever does. */
const { path, room }: { path: string; room: Room } = workerData;
let present: OutboxFile | undefined;

const opened = (): OutboxFile => {
  if (!present) throw new OutboxNotOpenError("the outbox is not open");
  return present;
};

const calls: WorkerCalls = {
  open(now) {
    present?.close();
    present = undefined;
    const { file, setAside } = openOutboxFile(path, room, now);
    present = file;
    const found = { state: file.state(), layouts: file.layouts(), notes: file.notes() };
    return setAside === undefined ? found : { ...found, setAside };
  },
  commit: (batch) => opened().commit(batch),
  read: (lane, numbers) => opened().read(lane, numbers),
  correct: (sent, anchor, now) => opened().correct(sent, anchor, now),
  rewind: (lane, to, now) => opened().rewind(lane, to, now),
  beginEpoch: (now) => opened().beginEpoch(now),
  close() {
    present?.close();
    present = undefined;
  },
};

parentPort?.on("message", ({ id, name, args }: Call) => {
  parentPort?.postMessage(answerTo(id, name, args));
  // Nothing is left to do: the thread ends by itself, which is never in the midst of something.
  if (name === "close") parentPort?.close();
});

function answerTo(id: number, name: string, args: unknown[]): Answer {
  try {
    const call = calls[name as keyof WorkerCalls] as (...args: unknown[]) => unknown;
    return { id, result: call(...args) };
  } catch (error) {
    const { name, message } = error as Error;
    return { id, error: { name, message } };
  }
}
