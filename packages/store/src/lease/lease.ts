/** What one program of several does at a time. Every implementation passes `leaseContract`. */
export interface Lease {
  /**
   * Takes it, if no other has it: the answer is aborted when it is lost, and may then be taken anew.
   * `undefined` while another has it. Rejects while it is not known who has it.
   */
  take(): Promise<AbortSignal | undefined>;
  /** Gives it up. */
  close(): Promise<void>;
}
