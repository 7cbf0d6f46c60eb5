import { createServer } from "node:net";
import { PlainError } from "../plain-error.ts";

/** A port the house is going to listen on, and the setting that moves it elsewhere. */
export type WantedPort = {
  readonly what: string;
  readonly host: string;
  readonly port: number;
  readonly setting: string;
};

/** Throws one sentence that names every port which cannot be had. */
export async function requirePorts(wanted: readonly WantedPort[]): Promise<void> {
  const problems: string[] = [];
  for (const [i, place] of wanted.entries()) {
    const problem = clashOf(place, wanted.slice(0, i)) ?? (await problemWith(place));
    if (problem) problems.push(problem);
  }
  if (problems.length > 0) throw new PlainError(problems.join("\n"));
}

/** What is wrong with a port before anybody tries it. */
function clashOf({ what, host, port, setting }: WantedPort, before: readonly WantedPort[]) {
  const choice = `choose another with ${setting}`;
  if (port > 65_535) return `Port ${port}, wanted for ${what}, does not exist: ${choice}.`;
  const same = before.find((other) => other.port === port && other.host === host);
  return same && `Port ${port} on ${host} is wanted for ${same.what} and for ${what}: ${choice}.`;
}

async function problemWith({ what, host, port, setting }: WantedPort) {
  const code = await listenOnce(host, port);
  if (code === undefined) return;
  const choice = `choose another with ${setting}`;
  if (code === "EADDRINUSE") {
    return `Port ${port} on ${host}, wanted for ${what}, is in use by another program: stop that program or ${choice}.`;
  }
  if (code === "EACCES") {
    return `Port ${port} on ${host}, wanted for ${what}, may not be opened by this user: ${choice}.`;
  }
  return `Cannot listen on ${host} port ${port} for ${what} (${code}): ${choice}.`;
}

/** The error code of an attempt to listen there, `undefined` when it worked. */
function listenOnce(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** A port that was free a moment ago. */
export function freePort(host = "127.0.0.1"): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, host, () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
