import { createServer } from "node:net";
import { PlainError } from "../plain-error.ts";

/** A port the house is going to listen on, and the setting that moves it elsewhere. */
export type WantedPort = {
  readonly what: string;
  readonly host: string;
  readonly port: number;
  readonly setting: string;
};

/** Throws when ports cannot be had: one sentence for all that one setting moves and one reason keeps. */
export async function requirePorts(wanted: readonly WantedPort[]): Promise<void> {
  const problems: Problem[] = [];
  for (const [i, place] of wanted.entries()) {
    const reason = clashOf(place, wanted.slice(0, i)) ?? (await problemWith(place));
    if (reason) problems.push({ ...place, ...reason });
  }
  if (problems.length === 0) return;
  const [hosts, ports] = [problems.filter(isOfHost), problems.filter((one) => !isOfHost(one))];
  const alike = Map.groupBy(ports, (one) => `${one.setting} ${one.host} ${one.why}`);
  const sentences = [...hosts.map(hostSentence), ...[...alike.values()].map(sentenceOf)];
  throw new PlainError([...new Set(sentences)].join("\n"));
}

type Reason = {
  readonly why: string;
  /** What to do but to choose another. */
  readonly or?: string;
  /** Whether no port of the host would do. */
  readonly ofHost?: boolean;
};
type Problem = WantedPort & Reason;

function isOfHost({ ofHost }: Problem): boolean {
  return ofHost === true;
}

/** All ports of a host that cannot be had have one sentence. */
function hostSentence({ what, host, setting, why }: Problem): string {
  const choice = setting.replace(/_PORT$/, "_HOST");
  return `The host ${host}, wanted for ${what}, ${why}: choose another with ${choice}.`;
}

function sentenceOf(problems: readonly Problem[]): string {
  const [{ what, host, port, setting, why, or = "" }] = problems as [Problem];
  const last = problems.at(-1)?.port;
  const ports =
    port === last
      ? `Port ${port} on ${host}, wanted for ${what}`
      : `${problems.length} ports from ${port} to ${last} on ${host}, wanted for ${what} each`;
  const choice = port === last ? "choose another" : "choose others";
  return `${ports}, ${port === last ? why : plural(why)}: ${or}${choice} with ${setting}.`;
}

function plural(why: string): string {
  return why.replace(/^is /, "are ").replace(/^does /, "do ");
}

/** What is wrong with a port before anybody tries it. */
function clashOf({ host, port }: WantedPort, before: readonly WantedPort[]): Reason | undefined {
  if (port > 65_535) return { why: "does not exist" };
  const same = before.find((other) => other.port === port && other.host === host);
  return same && { why: `is wanted for ${same.what} too` };
}

async function problemWith({ host, port }: WantedPort): Promise<Reason | undefined> {
  const code = await listenOnce(host, port);
  if (code === undefined) return undefined;
  if (code === "EADDRINUSE")
    return { why: "is in use by another program", or: "stop that program or " };
  if (code === "EACCES") return { why: "may not be opened by this user" };
  if (code === "EADDRNOTAVAIL") return { why: "is no address of this machine", ofHost: true };
  if (code === "ENOTFOUND") return { why: "cannot be found", ofHost: true };
  if (code === "EAI_AGAIN") return { why: "cannot be looked up now", ofHost: true };
  return { why: `cannot be listened on (${code})` };
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
