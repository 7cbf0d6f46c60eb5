import type { ModbusError } from "./modbus-error.ts";

/** Keeps a link from hammering a host that refuses it. */
export type SlowReconnect = {
  /** Why the last attempt failed, while it is too early for the next one. */
  resting(): ModbusError | undefined;
  failed(error: ModbusError): void;
  worked(): void;
};

const firstMs = 500;
const mostMs = 15_000;

/**
 * After each failed attempt in a row the wait doubles, with a jitter of a quarter either way, so
 * that the links of a plant whose switch came back do not all knock at once. Real time: a network
 * does not run on the program's clock.
 */
export function slowReconnect(random: () => number): SlowReconnect {
  let failures = 0;
  let resting: ModbusError | undefined;
  let timer: NodeJS.Timeout | undefined;
  const rested = () => {
    clearTimeout(timer);
    resting = undefined;
  };
  return {
    resting: () => resting,
    failed(error) {
      rested();
      const wait = Math.min(mostMs, firstMs * 2 ** Math.min(failures, 10)) * (0.75 + random() / 2);
      failures += 1;
      resting = error;
      timer = setTimeout(rested, wait).unref();
    },
    worked() {
      if (failures === 0) return;
      rested();
      failures = 0;
    },
  };
}
