import { connect, createServer, type Server, Socket } from "node:net";
import { type ChaosLine, chaosLine, type Slowness } from "./chaos-line.ts";

/** Which way bytes go: from who connected, or to them. */
export type Way = "toServer" | "toClient";

/** A connection whose bytes were swallowed. */
export type Swallowed = {
  /** From when on, Unix milliseconds. */
  readonly from: number;
  /** When its client gave it up, milliseconds later. */
  readonly givenUpMs: number | undefined;
};

/** A TCP link between two programs that can be made as bad as links are. */
export interface ChaosProxy {
  readonly port: number;
  /** Everything flows at once again, but for connections that were swallowed. */
  pass(): void;
  /** Each byte comes so much later, no faster than that; what is under way keeps its time. */
  slow(slowness: Slowness): void;
  /** Resets every connection, as a router that restarts. New ones flow. */
  cut(): void;
  /** Resets every connection and refuses new ones until `pass`. */
  refuse(): void;
  /**
   * Accepts and swallows: connections stay open and say nothing more, also after `pass`, as when the
   * other end has lost its power; new ones are swallowed until then.
   */
  halfOpen(): void;
  /** Lets so many more bytes through that way, then resets the connection that bore them. */
  cutAfter(bytes: number, way: Way): void;
  /** How many connections are open. */
  connections(): number;
  /** Whether the cut that was ordered last has happened. */
  hasCut(): boolean;
  swallowed(): readonly Swallowed[];
  /** How many connections were reset, refused or swallowed so far, and pieces slowed down. */
  struck(): number;
  close(): Promise<void>;
}

type Mode = "pass" | "refuse" | "halfOpen";
type Link = {
  readonly client: Socket;
  readonly server: Socket;
  readonly lines: Readonly<Record<Way, ChaosLine>>;
  isSwallowed: boolean;
};

/** Listens on loopback, on a free port unless told otherwise, and passes on to the target's port there. */
export async function chaosProxy(target: number, port = 0): Promise<ChaosProxy> {
  const links = new Set<Link>();
  const swallowed: { readonly from: number; givenUpMs: number | undefined }[] = [];
  let mode: Mode = "pass";
  let slowness: Slowness = {};
  let fuse: { left: number; readonly way: Way } | undefined;
  let hasCut = false;
  let struck = 0;

  const reset = (link: Link) => {
    links.delete(link);
    struck += 1;
    for (const line of Object.values(link.lines)) line.end();
    for (const socket of [link.client, link.server]) socket.resetAndDestroy();
  };

  const swallow = (link: Link) => {
    if (link.isSwallowed) return;
    link.isSwallowed = true;
    struck += 1;
    for (const line of Object.values(link.lines)) line.end();
    const since = performance.now();
    const entry: (typeof swallowed)[number] = { from: Date.now(), givenUpMs: undefined };
    swallowed.push(entry);
    link.client.once("close", () => {
      entry.givenUpMs = Math.round(performance.now() - since);
    });
  };

  /** The bytes that may still go; the connection is reset behind them where a cut was ordered. */
  const burn = (link: Link, way: Way, bytes: Buffer) => {
    const line = link.lines[way];
    if (fuse?.way !== way) {
      line.send(bytes);
      return;
    }
    const part = bytes.subarray(0, fuse.left);
    fuse.left -= part.length;
    if (fuse.left > 0) {
      line.send(part);
      return;
    }
    fuse = undefined;
    hasCut = true;
    line.send(part, () => reset(link));
  };

  const join = (client: Socket) => {
    if (mode === "refuse") {
      struck += 1;
      client.resetAndDestroy();
      return;
    }
    const server = mode === "halfOpen" ? new Socket() : connect(target, "127.0.0.1");
    server.setNoDelay(true);
    const lines = { toServer: chaosLine(server, client), toClient: chaosLine(client, server) };
    const link: Link = { client, server, lines, isSwallowed: false };
    links.add(link);
    for (const line of Object.values(lines)) line.slow(slowness);

    const pass = (from: Socket, to: Socket, way: Way) => {
      from.on("data", (bytes) => {
        if (link.isSwallowed) return;
        if (slowness.latencyMs || slowness.bitsPerSecond) struck += 1;
        burn(link, way, bytes);
      });
      from.on("error", () => {});
      // Of a connection that is swallowed neither side learns what became of the other.
      from.on("end", () => (link.isSwallowed ? from.end() : lines[way].finish()));
      from.on("close", (hadError) => {
        if (!link.isSwallowed && hadError) to.resetAndDestroy();
        else if (!link.isSwallowed) lines[way].finish();
        if (client.destroyed && server.destroyed) links.delete(link);
      });
    };
    pass(client, server, "toServer");
    pass(server, client, "toClient");
    if (mode === "halfOpen") swallow(link);
  };

  const everyLine = (act: (line: ChaosLine) => void) => {
    for (const { lines } of links) for (const line of Object.values(lines)) act(line);
  };

  const listener = createServer({ allowHalfOpen: true, noDelay: true }, join);
  const own = await listen(listener, port);
  return {
    port: own,
    pass() {
      mode = "pass";
      slowness = {};
      fuse = undefined;
      everyLine((line) => line.slow(slowness));
    },
    slow(wanted) {
      slowness = wanted;
      everyLine((line) => line.slow(slowness));
    },
    cut() {
      for (const link of [...links]) reset(link);
    },
    refuse() {
      mode = "refuse";
      for (const link of [...links]) reset(link);
    },
    halfOpen() {
      mode = "halfOpen";
      for (const link of links) swallow(link);
    },
    cutAfter(bytes, way) {
      fuse = { left: bytes, way };
      hasCut = false;
    },
    connections: () => links.size,
    hasCut: () => hasCut,
    swallowed: () => swallowed.map((one) => ({ ...one })),
    struck: () => struck,
    close() {
      for (const link of [...links]) reset(link);
      return new Promise((resolve) => listener.close(() => resolve()));
    },
  };
}

function listen(listener: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(port, "127.0.0.1", () => {
      const address = listener.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}
