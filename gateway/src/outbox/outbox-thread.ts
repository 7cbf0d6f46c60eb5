import { Worker } from "node:worker_threads";
import {
  OutboxCorruptError,
  OutboxNotOpenError,
  OutboxThreadError,
  OutboxUnusableError,
} from "./errors.ts";
import type { Room } from "./space.ts";
import type { Answer, WorkerCalls } from "./worker-calls.ts";

/** The worker's calls as they look from here: answered in the order in which they were made. */
export type OutboxThread = {
  readonly [Name in keyof WorkerCalls]: (
    ...args: Parameters<WorkerCalls[Name]>
  ) => Promise<ReturnType<WorkerCalls[Name]>>;
} & {
  /** Resolves once the thread has ended, as it does after `close`. */
  readonly ended: Promise<void>;
  /** Ends it wherever it is. */
  terminate(): Promise<unknown>;
};

type Waiting = { resolve(result: unknown): void; reject(error: Error): void };

/** Starts the thread that owns the outbox file. */
export function startOutboxThread(path: string, room: Room): OutboxThread {
  const worker = new Worker(new URL("./outbox-worker.ts", import.meta.url), {
    workerData: { path, room },
  });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let ended: OutboxThreadError | undefined;

  worker.on("message", (answer: Answer) => {
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ("error" in answer) call?.reject(errorOf(answer.error));
    else call?.resolve(answer.result);
  });
  const end = (cause?: Error) => {
    ended ??= new OutboxThreadError("the outbox's thread has ended", { cause });
    for (const call of waiting.values()) call.reject(ended);
    waiting.clear();
  };
  worker.on("error", end);
  const exited = new Promise<void>((resolve) => {
    worker.on("exit", () => {
      end();
      resolve();
    });
  });

  const call =
    (name: keyof WorkerCalls) =>
    (...args: unknown[]) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        worker.postMessage({ id: lastId, name, args });
      });

  return {
    open: call("open"),
    commit: call("commit"),
    read: call("read"),
    correct: call("correct"),
    rewind: call("rewind"),
    beginEpoch: call("beginEpoch"),
    close: call("close"),
    ended: exited,
    terminate: () => worker.terminate(),
  } as OutboxThread;
}

function errorOf({ name, message }: { name: string; message: string }): Error {
  if (name === "OutboxCorruptError") return new OutboxCorruptError(message);
  if (name === "OutboxNotOpenError") return new OutboxNotOpenError(message);
  if (name === "OutboxUnusableError") return new OutboxUnusableError(message);
  return new Error(message);
}
