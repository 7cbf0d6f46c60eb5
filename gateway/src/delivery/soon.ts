/** A call that is made once, `ms` of real time after it was first asked for. */
export function soon(ms: number, call: () => void, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return () => {
    if (signal.aborted) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      call();
    }, ms);
  };
}
