import { roomAt } from "./room-at.ts";

/** Less than PostgreSQL takes for one piece of its journal, with something to spare. */
const fullBytes = 24_000_000;

/**
 * Why a program of the server failed, in one line: that its disk is full, which is the cause of whatever
 * it says then, or its last lines up to the worst.
 */
export function graveWords(written: string, folder: string): string {
  return wordsOf(written, roomAt(folder)) ?? `the disk of ${folder} is full: make room there`;
}

/** `undefined`: the disk is full. `room`: bytes that may be written on it. */
export function wordsOf(written: string, room: number): string | undefined {
  if (room < fullBytes || written.includes("No space left on device")) return undefined;
  const lines = written.split("\n").filter((line) => line.trim() !== "" && !passing.test(line));
  // What led there stands before it; what follows is how the server put itself away.
  const end = lines.findLastIndex((line) => worst.test(line)) + 1 || lines.length;
  return lines.slice(Math.max(0, end - 3), end).join(" | ");
}

/** As the server and its tools mark what ends them. */
const worst = /\b(?:PANIC|FATAL): |\berror: /;
/** What it answers those who ask too early or too late, and says nothing of itself. */
const passing = /the database system is (?:starting up|shutting down|not yet|in recovery)/;
