/** For `vi.waitFor` on what comes by itself: a busy machine takes its time, and nothing waits longer than it must. */
export const patient = { timeout: 30_000, interval: 10 } as const;
