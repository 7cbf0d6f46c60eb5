import { useEffect, useState } from "react";
import { useParts } from "../parts.ts";

/** The value as it is once it has stayed the same for that long. */
export function useSettled(value: string, ms: number): string {
  const { clock } = useParts();
  const [settled, setSettled] = useState(value);
  useEffect(() => clock.after(ms, () => setSettled(value)), [clock, value, ms]);
  return settled;
}
