/** As `map` of promises, with at most so many of them under way. The first that fails ends it. */
export async function mapAtOnce<T, R>(
  items: readonly T[],
  most: number,
  of: (item: T) => Promise<R>,
): Promise<R[]> {
  const mapped: R[] = [];
  const rest = items.entries();
  const worker = async () => {
    for (const [i, item] of rest) mapped[i] = await of(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return mapped;
}
