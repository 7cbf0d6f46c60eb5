// Whoever read it may have seen enough, as `head` has, or its disk may be full: that ends no work.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

/** One line to the person at the terminal. */
export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** One line about something that went wrong. */
export function printError(line: string): void {
  process.stderr.write(`${line}\n`);
}
