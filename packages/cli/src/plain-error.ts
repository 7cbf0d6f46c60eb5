/** Something a person can mend: the message says what, where and what to do, and is printed alone. */
export class PlainError extends Error {
  override readonly name = "PlainError";
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Of several addresses that were all tried in vain, Node makes an error without a message.
  return error.message || ("code" in error ? String(error.code) : error.name);
}
