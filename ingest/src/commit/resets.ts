/** Which gateways are to be told anew where they stand (D-2). */
export type Resets = {
  /** An epoch that a gateway uses; the first news of it since we listen asks for a reset. */
  meet(gateway: string, epoch: string): void;
  /** An epoch whose gateway connected while we listen: nothing of it can have been missed. */
  greet(gateway: string, epoch: string): void;
  ask(gateway: string, epoch: string): void;
  /** Nothing that was published before now was heard: every epoch that was ever met is asked for. */
  askAll(): void;
  /** Whether the next ack of the epoch must say `reset`; saying so settles it. */
  settle(gateway: string, epoch: string): boolean;
  /** What is asked for and not settled, by gateway. */
  pending(): ReadonlyMap<string, ReadonlySet<string>>;
};

/** Outboxes are made anew rarely; what is beyond this is long gone. */
const mostEpochs = 8;

export function resets(): Resets {
  const met = new Map<string, Set<string>>();
  const pending = new Map<string, Set<string>>();

  const know = (gateway: string, epoch: string): boolean => {
    const epochs = met.get(gateway) ?? new Set();
    met.set(gateway, epochs);
    if (epochs.has(epoch)) return true;
    if (epochs.size >= mostEpochs) epochs.delete(epochs.values().next().value ?? "");
    epochs.add(epoch);
    return false;
  };
  const ask = (gateway: string, epoch: string) => {
    const epochs = pending.get(gateway) ?? new Set();
    pending.set(gateway, epochs.add(epoch));
  };

  return {
    meet(gateway, epoch) {
      if (!know(gateway, epoch)) ask(gateway, epoch);
    },
    greet: (gateway, epoch) => void know(gateway, epoch),
    ask,
    askAll() {
      for (const [gateway, epochs] of met) {
        for (const epoch of epochs) ask(gateway, epoch);
      }
    },
    settle(gateway, epoch) {
      const epochs = pending.get(gateway);
      const asked = epochs?.delete(epoch) ?? false;
      if (epochs?.size === 0) pending.delete(gateway);
      return asked;
    },
    pending: () => pending,
  };
}
