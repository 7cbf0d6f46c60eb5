import { parseArgs } from "node:util";
import { systemClock } from "@sunledger/runtime";
import { openLink } from "../../../gateway/src/modbus/link.ts";

export type ReadsReport = {
  readonly reads: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
};

const warmUpMs = 1_000;
const quiet = () => undefined;
const span = { kind: "holding", address: 0, count: 125 } as const;
const busyRetry = { exceptions: [], count: 1, waitMs: 1 };
const manners = { unit: 1, responseTimeoutMs: 2_000, busyRetry };

/** `link-reads PORT WINDOW SECONDS` prints what our own link made of that time as one line of JSON. */
const [port, window, seconds] = parseArgs({ allowPositionals: true }).positionals.map(Number);
process.stdout.write(`${JSON.stringify(await reads(port ?? 0, window ?? 1, seconds ?? 1))}\n`);

async function reads(port: number, window: number, seconds: number): Promise<ReadsReport> {
  const log = { debug: quiet, info: quiet, warn: quiet };
  const link = openLink({
    address: { transport: "tcp", host: "127.1.0.1", port },
    clock: systemClock(),
    log,
  });
  link.bind({ connectDelayMs: 0, minRequestIntervalMs: 0, window });
  const during = async (ms: number) => {
    const end = performance.now() + ms;
    let count = 0;
    const reader = async () => {
      while (performance.now() < end) {
        const words = await link.read(span, manners);
        if (words[124] !== 124) throw new Error(`register 124 says ${words[124]}`);
        count += 1;
      }
    };
    await Promise.all(Array.from({ length: window }, reader));
    return count;
  };

  await during(warmUpMs);
  const [begin, before] = [performance.now(), process.cpuUsage()];
  const count = await during(seconds * 1_000);
  const { user, system } = process.cpuUsage(before);
  link.close();
  return {
    reads: count,
    seconds: (performance.now() - begin) / 1_000,
    cpuSeconds: (user + system) / 1e6,
  };
}
