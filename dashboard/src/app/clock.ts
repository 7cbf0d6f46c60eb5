/** Where the page takes its time from. */
export type BrowserClock = {
  /** Unix milliseconds by the browser's own clock. */
  now(): number;
  /** Calls back after that long; returns what cancels it. */
  after(ms: number, call: () => void): () => void;
};
