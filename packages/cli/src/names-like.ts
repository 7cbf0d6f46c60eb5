import { nearestNames } from "@sunledger/runtime";

/** More names than this on a line are no help. */
const most = 8;

/** What there is in place of a name that is not known, as a sentence: all of few, the nearest of many. */
export function namesLike(wanted: string, known: readonly string[]): string {
  if (known.length <= most) return `Known: ${known.join(", ")}.`;
  const nearest = nearestNames(wanted, known).slice(0, most);
  if (nearest.length > 0) return `Did you mean ${nearest.join(", ")}? ${known.length} are known.`;
  return `${known.length} are known, as ${known.slice(0, most).join(", ")}.`;
}

/** So many of the names as help, and how many more there are. */
export function fewOf(names: readonly string[]): string {
  const more = names.length - most;
  if (more <= 0) return names.join(", ");
  return `${names.slice(0, most).join(", ")} and ${more} more`;
}
