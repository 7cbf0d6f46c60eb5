/** Another process has this outbox open, or it was written by a newer version. */
export class OutboxUnusableError extends Error {
  override readonly name = "OutboxUnusableError";
}

/** The file cannot be trusted any more. */
export class OutboxCorruptError extends Error {
  override readonly name = "OutboxCorruptError";
}

/** The disk cannot keep up and memory is full: the frame is given up, its gap will be on record. */
export class OutboxOverflowError extends Error {
  override readonly name = "OutboxOverflowError";
}

/** The thread that writes the outbox has died. */
export class OutboxThreadError extends Error {
  override readonly name = "OutboxThreadError";
}

/** The thread has no file open: the last trial to open it failed. */
export class OutboxNotOpenError extends Error {
  override readonly name = "OutboxNotOpenError";
}
