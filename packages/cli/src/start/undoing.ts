/** What is to be undone, the last done first. */
export type Undoing = {
  /** Remembers how to undo what was just done. */
  push(step: () => unknown): void;
  /** Undoes all, also what comes behind a step that fails; throws the first failure when all is done. */
  run(): Promise<void>;
};

export function undoing(): Undoing {
  const steps: (() => unknown)[] = [];
  return {
    push: (step) => void steps.push(step),
    async run() {
      const failures: unknown[] = [];
      for (const step of steps.splice(0).reverse()) {
        try {
          await step();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
