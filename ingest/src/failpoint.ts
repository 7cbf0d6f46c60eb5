/** In the order in which a commit passes them. */
export const failpoints = [
  /** Layouts that were announced are kept; no frame is taken yet. */
  "ingest.afterLayouts",
  "ingest.beforeCommit",
  "ingest.afterCommit",
  /** Frames and events are kept; no ack is sent yet. */
  "ingest.afterEvents",
  "ingest.afterAck",
  /** A gateway was told anew what is stored of it; others may not have been. */
  "ingest.afterReset",
] as const;
export type FailpointName = (typeof failpoints)[number];

/** Passes a named place in the code. */
export type Failpoint = (name: FailpointName) => void;

/**
 * For the fault suite: the process kills itself at the place that the setting names, the first time
 * it passes there, or with `ingest.afterCommit:25` the 25th.
 */
export function failpoint(
  setting: string | undefined,
  kill: () => void = () => process.kill(process.pid, "SIGKILL"),
): Failpoint {
  if (setting === undefined) return () => {};
  const [name, count = "1"] = setting.split(":");
  let left = Number(count);
  return (passed) => {
    if (passed !== name) return;
    left -= 1;
    if (left === 0) kill();
  };
}

export function isFailpoint(setting: string): boolean {
  const [name, count = "1", ...more] = setting.split(":");
  return (
    failpoints.some((known) => known === name) && /^[1-9]\d*$/.test(count) && more.length === 0
  );
}
