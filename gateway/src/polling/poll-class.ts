/** How often a point is asked for. `once` is at connect, after a reconnect and then once a day. */
export const pollClasses = ["fast", "normal", "slow", "once"] as const;
export type PollClass = (typeof pollClasses)[number];

/** The interval of each class in milliseconds, as the installation sets it. */
export type PollIntervals = {
  readonly fast: number;
  readonly normal: number;
  readonly slow: number;
};
