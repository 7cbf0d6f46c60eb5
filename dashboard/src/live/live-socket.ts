/** What of a socket.io connection is used. */
export type LiveSocket = {
  on(event: string, listener: (payload: unknown) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  connect(): unknown;
  disconnect(): unknown;
};
