import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { connectAsync } from "mqtt";
import type { Random } from "../../gateway/src/modbus/testing/random-modbus.ts";
import {
  brokenStream,
  type Credential,
  connectPacket,
  inPieces,
} from "../support/broken-packets.ts";
import { until } from "../support/until.ts";

/** A gateway that does a broker no good. */
export interface Vandal {
  /**
   * Sends so many streams of broken packets, each on a connection of its own, some of them signed in.
   * Resolves once the broker lets a good client in.
   */
  attack(count: number, random: Random): Promise<void>;
  /** Signs in under a name that the broker cannot know; resolves when it was turned away, or not heard in time. */
  knock(): Promise<void>;
  /** Resolves once the broker lets it in under its own name. */
  isLetIn(): Promise<void>;
}

type Parts = {
  readonly port: number;
  readonly id: string;
  readonly secret: string;
  /** The names of the sign-in, where they are not the same. */
  readonly clientId?: string;
};

const atOnce = 8;
/** So long a broker may take to throw a client out before the client goes. */
const lingerMs = 150;

export function openVandal({ port, id, secret, clientId = id }: Parts): Vandal {
  const who: Credential = { id: clientId, user: id, secret };
  const url = `mqtt://127.0.0.1:${port}`;
  let strangers = 0;

  const attack = async (count: number, random: Random) => {
    const streams = Array.from({ length: count }, () => {
      const broken = brokenStream(random, who);
      const all = random(2) === 0 ? Buffer.concat([connectPacket(who), broken]) : broken;
      return inPieces(all, random);
    });
    const lanes = Array.from({ length: atOnce }, async (_, lane) => {
      for (const pieces of streams.filter((_, i) => i % atOnce === lane)) {
        await throwAt(port, pieces);
      }
    });
    await Promise.all(lanes);
    await isLetIn();
  };

  const isLetIn = async () => {
    const signIn = async () => {
      const options = { clientId, username: id, password: secret, reconnectPeriod: 0 };
      const client = await connectAsync(url, { ...options, connectTimeout: 5_000 }, false);
      await client.endAsync(true);
      return true;
    };
    await until("a good client to be let in", signIn, { timeoutMs: 60_000, everyMs: 500 });
  };

  return {
    attack,
    isLetIn,
    async knock() {
      strangers += 1;
      const name = `stranger-${strangers}`;
      const options = { clientId: name, username: name, password: secret, reconnectPeriod: 0 };
      const trial = connectAsync(url, { ...options, connectTimeout: 3_000 }, false);
      const client = await trial.catch(() => {});
      await client?.endAsync(true);
      if (client) throw new Error(`the broker let ${name} in`);
    },
  };
}

/** Until the broker closes, or for a moment; a broker that is away is nobody's fault here. */
async function throwAt(port: number, pieces: readonly Buffer[]): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
    socket.on("error", () => {});
  });
  socket.resume();
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const over = new AbortController();
  await Promise.race([closed, wait(lingerMs, undefined, { signal: over.signal }).catch(() => {})]);
  over.abort();
  socket.destroy();
  await closed;
}
