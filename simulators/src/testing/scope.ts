import type { Scope } from "@sunledger/runtime";
import { pino } from "pino";

/** A service's scope that a test stops itself. */
export function testScope(): Scope & { stop(): Promise<void> } {
  const stopping = new AbortController();
  const started: (() => unknown)[] = [];
  return {
    log: pino({ level: "silent" }),
    signal: stopping.signal,
    onStop: (_name, stop) => void started.push(stop),
    async stop() {
      stopping.abort("the test is over");
      for (const undo of started.splice(0).reverse()) await undo();
    },
  };
}
