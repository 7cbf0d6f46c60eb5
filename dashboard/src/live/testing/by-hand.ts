/** A clock that is moved by hand. */
export function handClock() {
  let now = 0;
  const waiting = new Set<{ at: number; call: () => void }>();
  return {
    now: () => now,
    after(ms: number, call: () => void) {
      const entry = { at: now + ms, call };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
    pass(ms: number) {
      const end = now + ms;
      for (;;) {
        const due = [...waiting].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        waiting.delete(due);
        now = due.at;
        due.call();
      }
      now = end;
    },
  };
}

/** The far end of the line, spoken by hand. */
export function handSocket() {
  const listeners = new Map<string, (payload: unknown) => void>();
  const answers: ((payload: unknown) => void)[] = [];
  const sent: unknown[][] = [];
  return {
    sent,
    on: (event: string, listener: (payload: unknown) => void) => listeners.set(event, listener),
    emit(event: string, ...args: unknown[]) {
      const last = args.at(-1);
      if (typeof last === "function") answers.push(last as (payload: unknown) => void);
      sent.push([event, ...args.filter((arg) => typeof arg !== "function")]);
    },
    connect: () => undefined,
    disconnect: () => undefined,
    hear: (event: string, payload?: unknown) => listeners.get(event)?.(payload),
    loseAnswers: () => void answers.splice(0),
    answer(payload: unknown) {
      for (const answer of answers.splice(0)) answer(payload);
    },
  };
}
