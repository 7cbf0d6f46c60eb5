import type { Death } from "./supervised.ts";

/** What is said when a program has died. */
export function obituary(name: string, death: Death, logFile: string): string {
  const why = death.lastWords ? `: ${death.lastWords.split("\n").join(" ")}` : "";
  const wait = `${(death.nextMs / 1_000).toLocaleString("en")} s`;
  return `  ${name} ended (${death.how})${why}. It is started again in ${wait}. Log: ${logFile}`;
}
