import { createServer, type Server } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DeviceTag, Plant } from "@sunledger/model";
import { ConfigError } from "@sunledger/runtime";
import { writtenEnergies } from "./energies.ts";
import { readLabels } from "./labels.ts";
import { ledgerEvents, servedOf, servedPoints, wholeFrom } from "./read-ledger.ts";

export type LedgerServer = { readonly port: number; close(): Promise<void> };

type Span = { readonly from: number; readonly to: number };
/** One thing, or many that are told one after the other. */
type Page = (
  folder: string,
  names: readonly string[],
  url: URL,
) => Promise<unknown> | AsyncIterable<unknown>;

/**
 * Answers what the ledger in a folder says, as JSON, on the loopback alone; times are Unix milliseconds, `to` is
 * exclusive:
 *
 * - `/labels/PLANT`: what was really the matter
 * - `/energies/PLANT?from=…&to=…`: what the counters truly had come to
 * - `/served/PLANT/DEVICE?point=…&from=…&to=…`: the answered reads of one point; without a point the names of all
 * - `/events/PLANT/DEVICE?from=…&to=…`: what the device refused, what it let be written, and what left without a good
 *   answer
 * - `/whole/PLANT/DEVICE`: from when on nothing of that is missing; `from` is null where all of it is there
 *
 * A ledger is read and told piece by piece: the devices of the same process answer meanwhile.
 *
 * Throws a `ConfigError` when the port is taken.
 */
export async function serveLedger(folder: string, port: number): Promise<LedgerServer> {
  const server = createServer((request, response) => {
    const [status, body] = answerTo(folder, request.method, request.url ?? "");
    response.writeHead(status, { "content-type": "application/json" });
    // What fails on the way breaks the answer off: nobody takes half a list for a whole one.
    pipeline(Readable.from(jsonOf(body)), response).catch(() => response.destroy());
  });
  await listening(server, port);
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const pages: Readonly<Record<string, Page>> = {
  labels: (folder, [plant = ""]) => readLabels(folder, plant),

  energies: (folder, [plant = ""], url) => within(writtenEnergies(folder, plant), spanOf(url)),

  served: (folder, [plant = "", device = ""], url) => {
    const point = url.searchParams.get("point");
    if (point === null) return servedPoints(folder, plant, device);
    return within(servedOf(folder, plant, device, point), spanOf(url));
  },

  events: (folder, [plant = "", device = ""], url) =>
    within(ledgerEvents(folder, plant, device), spanOf(url)),

  whole: async (folder, [plant = "", device = ""]) => ({
    from: (await wholeFrom(folder, plant, device)) ?? null,
  }),
};
const namesOf: Readonly<Record<string, number>> = {
  labels: 1,
  energies: 1,
  served: 2,
  events: 2,
  whole: 2,
};

async function* within<T extends { readonly at: number }>(
  all: AsyncIterable<T>,
  { from, to }: Span,
): AsyncGenerator<T> {
  for await (const one of all) if (one.at >= from && one.at < to) yield one;
}

/** So much is gathered before it leaves. */
const pieceLength = 16 * 1024;

/** The text of a thing, or of a list of many. */
async function* jsonOf(body: unknown): AsyncGenerator<string> {
  if (!isAsyncIterable(body)) return yield `${JSON.stringify(await body)}\n`;
  let text = "[";
  let separator = "";
  for await (const one of body) {
    text += `${separator}${JSON.stringify(one)}`;
    separator = ",";
    if (text.length < pieceLength) continue;
    yield text;
    text = "";
  }
  yield `${text}]\n`;
}

function isAsyncIterable(body: unknown): body is AsyncIterable<unknown> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

function answerTo(folder: string, method: string | undefined, target: string) {
  const url = new URL(target, "http://ledger");
  const [page = "", ...names] = url.pathname.slice(1).split("/");
  const answer = pages[page];
  const [plant, device = "D"] = names;
  // A name becomes a part of a file's name: nothing else than a plant's and a device's gets there.
  const known = Plant.shape.code.safeParse(plant).success && DeviceTag.safeParse(device).success;
  if (method !== "GET" || !answer || !known || names.length !== namesOf[page]) {
    return [404, { error: "not found" }] as const;
  }
  const { from, to } = spanOf(url);
  if (Number.isNaN(from) || Number.isNaN(to)) {
    return [400, { error: "from and to are Unix milliseconds" }] as const;
  }
  return [200, answer(folder, names, url)] as const;
}

function spanOf({ searchParams }: URL): Span {
  return {
    from: Number(searchParams.get("from") ?? Number.NEGATIVE_INFINITY),
    to: Number(searchParams.get("to") ?? Number.POSITIVE_INFINITY),
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "is taken by another program" : cause.message;
      reject(new ConfigError(`the ledger's port ${port} ${why}`, { cause }));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}
