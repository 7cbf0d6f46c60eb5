/** Who is to be called back. */
export type Listeners<Args extends readonly unknown[], Answer = void> = {
  /** Answers how to take it back. */
  add(listener: (...args: Args) => Answer): () => void;
  call(...args: Args): Answer[];
};

export function listeners<Args extends readonly unknown[] = [], Answer = void>(): Listeners<
  Args,
  Answer
> {
  const all = new Set<(...args: Args) => Answer>();
  return {
    add(listener) {
      all.add(listener);
      return () => void all.delete(listener);
    },
    call: (...args) => [...all].map((listener) => listener(...args)),
  };
}
