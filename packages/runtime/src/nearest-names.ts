/**
 * Those of the known names that a mistyped one may have meant, the nearest first: no more than
 * `farthest` characters are to be changed, added or taken away; a third of the name where nothing
 * is said.
 */
export function nearestNames(
  name: string,
  known: Iterable<string>,
  farthest = Math.ceil(name.length / 3),
): string[] {
  return [...known]
    .map((one) => ({ one, distance: distance(name, one) }))
    .filter((candidate) => candidate.distance <= farthest)
    .sort((a, b) => a.distance - b.distance)
    .map(({ one }) => one);
}

/** How many characters are to be changed, added or taken away to make one text the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, char] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (char === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
