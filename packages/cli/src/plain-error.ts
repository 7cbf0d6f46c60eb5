/** Something a person can mend: the message says what, where and what to do, and is printed alone. */
export class PlainError extends Error {
  override readonly name = "PlainError";
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
