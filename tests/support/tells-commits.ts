import { syncBuiltinESMExports } from "node:module";
import workers from "node:worker_threads";
import type { Answer, Call } from "../../gateway/src/outbox/worker-calls.ts";

/** What a gateway says of its outbox when it is started with `--import` of this file: no more than it does. */
export type CommitWord = {
  readonly commit: "begun" | "done";
  /** The frames of it, each a lane, a device and its first value. */
  readonly frames: readonly (readonly [lane: string, device: string, value: unknown])[];
};

type Batch = { readonly entries: readonly { readonly lane: string; readonly row?: string }[] };

/** Every commit is told of when the outbox's thread is given it, and when the thread has confirmed it. */
class TellingWorker extends workers.Worker {
  readonly #begun = new Map<number, CommitWord["frames"]>();

  constructor(...args: ConstructorParameters<typeof workers.Worker>) {
    super(...args);
    this.on("message", (answer: Partial<Answer>) => {
      const frames = this.#begun.get(answer.id ?? -1);
      if (frames && "result" in answer) process.send?.({ commit: "done", frames });
    });
  }

  override postMessage(...args: Parameters<workers.Worker["postMessage"]>): void {
    const { id, name, args: parts } = args[0] as Call;
    if (name === "commit") {
      const frames = framesOf(parts[0] as Batch);
      this.#begun.set(id, frames);
      process.send?.({ commit: "begun", frames });
    }
    super.postMessage(...args);
  }
}

function framesOf({ entries }: Batch): CommitWord["frames"] {
  return entries.flatMap(({ lane, row }) => {
    if (row === undefined) return [];
    const [device, , values] = JSON.parse(row) as [string, unknown, readonly unknown[]];
    return [[lane, device, values[0]] as const];
  });
}

workers.Worker = TellingWorker;
syncBuiltinESMExports();
