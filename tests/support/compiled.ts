import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/**
 * For programs that tests start: what one has compiled the next does not compile again. A third of the processor time
 * of a start.
 */
export const compiledOnce = {
  NODE_COMPILE_CACHE: join(tmpdir(), `sunledger-compiled-${userInfo().uid}`),
} as const;
