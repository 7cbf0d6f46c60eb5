import { createServer, type Server, type Socket } from "node:net";
import {
  type Ack,
  type FramesMessage,
  type Lane,
  Layout,
  laneAckOf,
  type Ranges,
  rangesOf,
  topics,
  unionOf,
} from "@sunledger/model";
import { packJson, unpackJson } from "@sunledger/runtime";
import { Aedes } from "aedes";

/** A broker that stores what it hears in memory and says so, for tests of the sending side. */
export type AckHouse = {
  readonly url: string;
  /** Rows by lane and number, as they came first. */
  readonly rows: ReadonlyMap<string, readonly unknown[]>;
  readonly layouts: ReadonlyMap<string, Layout>;
  /** How many rows came that were stored already. */
  repeats(): number;
  /** Messages before which ingest is deaf. */
  ignore(messages: number): void;
  say(ack: Partial<Ack>): Promise<void>;
  /** Cuts every connection. */
  cut(): void;
  close(): Promise<void>;
};

export async function ackHouse(gateway: string, secret: string): Promise<AckHouse> {
  const broker = await Aedes.createBroker({
    authenticate: (client, user, password, done) => {
      done(null, client.id === gateway && user === gateway && password?.toString() === secret);
    },
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    broker.handle(socket);
  });
  const rows = new Map<string, readonly unknown[]>();
  const layouts = new Map<string, Layout>();
  const settled: Record<Lane, Ranges> = { counters: [], values: [] };
  let deaf = 0;
  let repeats = 0;
  let epoch = "";

  const publish = async (ack: Ack) => {
    const payload = await packJson(ack);
    broker.publish(
      { cmd: "publish", qos: 0, dup: false, retain: false, topic: topics.ack(gateway), payload },
      () => {},
    );
  };

  const take = async ({ lane, groups, epoch: own }: FramesMessage) => {
    epoch = own;
    if (deaf > 0) {
      deaf -= 1;
      return;
    }
    for (const row of groups.flatMap((group) => group.rows)) {
      const [, number] = row as [string, number];
      if (rows.has(`${lane}/${number}`)) repeats += 1;
      else rows.set(`${lane}/${number}`, row as unknown[]);
      settled[lane] = unionOf(settled[lane], rangesOf([[number, number]]));
    }
    await publish({ store: "memory", epoch, lanes: { [lane]: laneAckOf(settled[lane]) } });
  };

  broker.on("publish", ({ topic, payload }, client) => {
    if (!client) return;
    if (topic === topics.frames(gateway)) void take(unpackJson(payload as Buffer) as FramesMessage);
    const hash = topic.split("/layouts/")[1];
    if (hash) layouts.set(hash, Layout.parse(JSON.parse(payload.toString())));
  });

  const port = await listening(server);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    rows,
    layouts,
    repeats: () => repeats,
    ignore: (messages) => {
      deaf = messages;
    },
    say: (ack) => publish({ store: "memory", epoch, lanes: {}, ...ack }),
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        broker.close(() => server.close(() => resolve()));
      }),
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}
