/** What is kept of a quarantined payload that is longer than 64 kB: its beginning as JSON text. */
export type CutPayload = {
  readonly cut: true;
  /** How long the whole was, as JSON. */
  readonly bytes: number;
  readonly text: string;
};

const mostBytes = 64 * 1024;
/** Quotes inside the text double when it is stored as JSON once more. */
const keptBytes = 31_000;

/** The payload itself, or its beginning when it is longer than 64 kB; and what it weighs. */
export function cutPayload(payload: unknown): {
  readonly payload: unknown;
  readonly keptBytes: number;
} {
  const whole = Buffer.from(JSON.stringify(payload) ?? "null");
  if (whole.length <= mostBytes) return { payload, keptBytes: whole.length };
  const text = whole.subarray(0, keptBytes).toString();
  return { payload: { cut: true, bytes: whole.length, text } satisfies CutPayload, keptBytes };
}
