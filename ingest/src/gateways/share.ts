/** Which of how many ingests this is: they share the gateways among them, each without asking the others. */
export type Share = {
  /** From 1 to `workers`. */
  readonly worker: number;
  readonly workers: number;
};

/**
 * Whether a gateway is this ingest's. Every gateway is exactly one's, the same one on every machine and
 * after every start: its frames stay in order, and no broker has to know of it (D-7).
 */
export function sharing({ worker, workers }: Share): (gateway: string) => boolean {
  return workers === 1 ? () => true : (gateway) => hashOf(gateway) % workers === worker - 1;
}

/** FNV-1a of 32 bits, mixed once more (murmur3's end): ids that differ in a digit alone spread evenly too. */
function hashOf(gateway: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < gateway.length; i += 1) {
    hash = Math.imul(hash ^ gateway.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
