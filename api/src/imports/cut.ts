const longest = 120;

/** A cell as an answer repeats it. */
export function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
