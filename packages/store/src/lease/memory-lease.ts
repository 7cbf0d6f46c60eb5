import type { Lease } from "./lease.ts";

/** Leases of one thing within a process: for tests, and where there is one program only. */
export function memoryLeases(): () => Lease {
  let holder: AbortController | undefined;
  return () => {
    let own: AbortController | undefined;
    return {
      async take() {
        if (holder && holder !== own) return undefined;
        own ??= new AbortController();
        holder = own;
        return own.signal;
      },
      async close() {
        own?.abort();
        if (holder === own) holder = undefined;
        own = undefined;
      },
    };
  };
}
