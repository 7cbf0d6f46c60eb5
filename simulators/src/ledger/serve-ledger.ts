import { createServer, type Server } from "node:http";
import { DeviceTag, Plant } from "@sunledger/model";
import { ConfigError } from "@sunledger/runtime";
import { readEnergies } from "./energies.ts";
import { readLabels } from "./labels.ts";
import { readLedger } from "./read-ledger.ts";

export type LedgerServer = { readonly port: number; close(): Promise<void> };

type Span = { readonly from: number; readonly to: number };
type Page = (folder: string, names: readonly string[], url: URL) => Promise<unknown>;

/**
 * Answers what the ledger in a folder says, as JSON, on the loopback alone; times are Unix milliseconds, `to` is
 * exclusive:
 *
 * - `/labels/PLANT`: what was really the matter
 * - `/energies/PLANT?from=…&to=…`: what the counters truly had come to
 * - `/served/PLANT/DEVICE?point=…&from=…&to=…`: the answered reads of one point; without a point the names of all
 *
 * Throws a `ConfigError` when the port is taken.
 */
export async function serveLedger(folder: string, port: number): Promise<LedgerServer> {
  const server = createServer((request, response) => {
    answerTo(folder, request.method, request.url ?? "")
      .catch((error: unknown) => [500, { error: String(error) }] as const)
      .then(([status, body]) =>
        response
          .writeHead(status, { "content-type": "application/json" })
          .end(`${JSON.stringify(body)}\n`),
      )
      .catch(() => response.destroy());
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

  energies: async (folder, [plant = ""], url) => {
    const { from, to } = spanOf(url);
    return (await readEnergies(folder, plant)).filter(({ at }) => at >= from && at < to);
  },

  served: async (folder, [plant = "", device = ""], url) => {
    const served = await readLedger(folder, plant, device);
    const point = url.searchParams.get("point");
    if (point === null) return [...served.keys()];
    const { from, to } = spanOf(url);
    return (served.get(point) ?? []).filter(({ at }) => at >= from && at < to);
  },
};
const namesOf: Readonly<Record<string, number>> = { labels: 1, energies: 1, served: 2 };

async function answerTo(folder: string, method: string | undefined, target: string) {
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
  return [200, await answer(folder, names, url)] as const;
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
