import type { Conditions, KeptCondition } from "./conditions.ts";

/** Keeps conditions for the life of the process: for tests. */
export function memoryConditions(): Conditions {
  const kept: { readonly organisation: string; readonly condition: KeptCondition }[] = [];

  return {
    async keep(organisation, foundAt, conditions) {
      for (const condition of conditions) {
        const place = kept.findIndex(
          (one) => one.organisation === organisation && isSame(one.condition, condition),
        );
        const before = kept[place]?.condition;
        const entry = {
          organisation,
          condition: { ...condition, foundAt: before?.foundAt ?? foundAt },
        };
        if (before) kept[place] = entry;
        else kept.push(entry);
      }
    },

    async of({ organisation, kind, from, to, most }) {
      return kept
        .filter((one) => one.organisation === organisation)
        .map(({ condition }) => condition)
        .filter((one) => kind === undefined || one.kind === kind)
        .filter(({ start, end = to }) => start < to && end > from)
        .reverse()
        .sort((a, b) => b.start - a.start)
        .slice(0, most);
    },
  };
}

function isSame(one: KeptCondition, other: Omit<KeptCondition, "foundAt">): boolean {
  return (["subject", "kind", "channel", "start"] as const).every(
    (name) => one[name] === other[name],
  );
}
