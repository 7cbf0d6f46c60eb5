import { until } from "../../../../tests/support/until.ts";
import { type Bench, type BenchOptions, bench } from "./bench.ts";

let one: Bench | undefined;

/** A bench that `closeBench` ends. */
export async function started(options?: BenchOptions): Promise<Bench> {
  one = await bench(options);
  return one;
}

/** Ends what the test has started. */
export async function closeBench(): Promise<void> {
  await one?.close();
  one = undefined;
}

/** Resolves when the device was written to so often. */
export async function written({ writes }: Bench["peer"], times: number): Promise<void> {
  const isThere = () => writes.length === times;
  await until(`${times} writes`, isThere, { timeoutMs: 30_000, everyMs: 5 });
}
