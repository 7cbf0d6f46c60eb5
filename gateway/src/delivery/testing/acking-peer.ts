import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import {
  type Ack,
  DeviceEvent,
  type Frame,
  FramesMessage,
  type GivenUp,
  type Lane,
  Layout,
  laneAckOf,
  noRanges,
  parseRow,
  type Range,
  type Ranges,
  rangesOf,
  topics,
  unionOf,
  WithheldLayout,
} from "@sunledger/model";
import { unpackJson } from "@sunledger/runtime";
import { Aedes, type Client } from "aedes";

export type Told = {
  readonly topic: string;
  readonly message: unknown;
  readonly retain: boolean;
  /** As it travelled. */
  readonly bytes: number;
};
export type Received = {
  readonly lane: Lane;
  readonly epoch: string;
  readonly frames: readonly Frame[];
  readonly gaps: readonly GivenUp[];
  readonly events: readonly unknown[];
};

/** A broker with something like ingest behind it: keeps frames and acknowledges them. */
export interface AckingPeer {
  readonly url: string;
  /** Every message of frames, in order of arrival. */
  readonly received: readonly Received[];
  /** The layouts of frames, and how many, that no announcement explains: nobody can read those. */
  readonly unread: readonly { readonly layout: string; readonly rows: number }[];
  /** Everything else that was published by gateways. */
  readonly told: readonly Told[];
  /** What of a message is lost on its way; nothing when not set. */
  lose: (message: Received) => boolean;
  /** Whether the ack of a message is sent. */
  acks: (message: Received) => boolean;
  /** The incarnation of its store. */
  store: string;
  settled(epoch: string, lane: Lane): Ranges;
  /** Replaces what is settled, as a restore does. */
  restore(epoch: string, lane: Lane, settled: Ranges): void;
  sendAck(gateway: string, epoch: string, more?: Partial<Ack>): void;
  command(gateway: string, message: object): void;
  /** Retained, as the platform pushes it. */
  configure(gateway: string, message: object): void;
  /** Throws every client out. */
  cut(): void;
  connections(): number;
  /** Closes port and connections; the broker can be opened again on the same port. */
  closePort(): Promise<void>;
  openPort(): Promise<void>;
  close(): Promise<void>;
}

/** Starts one on a free port. */
export async function startAckingPeer(): Promise<AckingPeer> {
  const broker = await Aedes.createBroker();
  const received: Received[] = [];
  const told: Told[] = [];
  const unread: { layout: string; rows: number }[] = [];
  const layouts = new Map<string, Layout | "withheld">();
  const kept = new Map<string, Ranges>();
  const clients = new Set<Client>();
  let connections = 0;
  let port = 0;
  let server: Server | undefined;
  let sockets = new Set<Socket>();
  const key = (epoch: string, lane: Lane) => `${epoch}/${lane}`;

  broker.on("clientReady", (client) => {
    clients.add(client);
    connections += 1;
  });
  broker.on("clientDisconnect", (client) => clients.delete(client));
  broker.on("publish", ({ topic, payload, retain }, client) => {
    if (!client) return;
    const gateway = client.id;
    // An empty one takes back what was retained.
    const message = payload.length === 0 ? null : unpackJson(Buffer.from(payload));
    if (topic !== topics.frames(gateway)) {
      told.push({ topic, message, retain, bytes: payload.length });
      const [, hash] = topic.split("/layouts/");
      if (hash === undefined) return;
      const isWithheld = WithheldLayout.safeParse(message).success;
      layouts.set(hash, isWithheld ? "withheld" : Layout.parse(message));
      return;
    }
    take(gateway, read(FramesMessage.parse(message)));
  });

  const read = ({ lane, epoch, groups, gaps = [], events = [] }: FramesMessage): Received => {
    const frames = groups.flatMap(({ layout, rows }) => {
      const points = layouts.get(layout);
      if (!points) throw new Error(`layout ${layout} was used before it was announced`);
      if (points === "withheld") {
        unread.push({ layout, rows: rows.length });
        return [];
      }
      return rows.map((row) => {
        const result = parseRow(row, layout, points);
        if (!result.ok) throw new Error(result.reason);
        return result.frame;
      });
    });
    return { lane, epoch, frames, gaps, events };
  };

  const take = (gateway: string, message: Received) => {
    if (peer.lose(message)) return;
    received.push(message);
    const { epoch, lane, frames, gaps } = message;
    const numbers = [
      ...frames.map(({ sequence }): Range => [sequence, sequence]),
      ...gaps.map(({ from, to }): Range => [from, to]),
    ];
    kept.set(key(epoch, lane), unionOf(peer.settled(epoch, lane), rangesOf(numbers)));
    const ids = message.events.map((event) => DeviceEvent.parse(event).id);
    if (peer.acks(message)) peer.sendAck(gateway, epoch, ids.length > 0 ? { events: ids } : {});
  };

  const publish = (topic: string, message: object, qos: 0 | 1, retain = false) => {
    const payload = Buffer.from(JSON.stringify(message));
    broker.publish({ cmd: "publish", topic, payload, qos, retain, dup: false }, () => {});
  };

  const peer: AckingPeer = {
    url: "",
    received,
    unread,
    told,
    lose: () => false,
    acks: () => true,
    store: "first",
    settled: (epoch, lane) => kept.get(key(epoch, lane)) ?? noRanges,
    restore: (epoch, lane, settled) => void kept.set(key(epoch, lane), settled),
    sendAck(gateway, epoch, more = {}) {
      const lanes = {
        counters: laneAckOf(peer.settled(epoch, "counters")),
        values: laneAckOf(peer.settled(epoch, "values")),
      };
      publish(topics.ack(gateway), { store: peer.store, epoch, lanes, ...more }, 0);
    },
    command: (gateway, message) => publish(topics.command(gateway), message, 1),
    configure: (gateway, message) => publish(topics.config(gateway), message, 1, true),
    cut() {
      for (const client of clients) client.close();
    },
    connections: () => connections,
    async closePort() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server?.close(resolve));
    },
    async openPort() {
      sockets = new Set();
      server = createServer((socket) => {
        sockets.add(socket);
        broker.handle(socket);
      });
      await new Promise<void>((resolve) => server?.listen(port, "127.0.0.1", resolve));
      ({ port } = server.address() as AddressInfo);
    },
    async close() {
      await peer.closePort();
      await new Promise<void>((resolve) => broker.close(() => resolve()));
    },
  };
  await peer.openPort();
  return Object.assign(peer, { url: `mqtt://127.0.0.1:${port}` });
}
