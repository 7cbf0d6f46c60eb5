/** One line to the person at the terminal. */
export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** One line about something that went wrong. */
export function printError(line: string): void {
  process.stderr.write(`${line}\n`);
}
