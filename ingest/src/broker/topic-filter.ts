/** Whether a topic is one of a filter's, which may have `+` and no `#`. */
export function fits(filter: string, topic: string): boolean {
  const [levels, own] = [filter.split("/"), topic.split("/")];
  return (
    levels.length === own.length && levels.every((level, i) => level === "+" || level === own[i])
  );
}
