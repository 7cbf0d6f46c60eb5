import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePorts } from "./free-ports.ts";
import { until } from "./until.ts";

/** A store of time series of its own, in a folder of its own. */
export type SeriesServer = {
  /** For `SUNLEDGER_TIMESERIES_URL`. */
  readonly address: string;
  readonly url: string;
  readonly port: number;
  /** Its process, unless it is down. */
  pid(): number | undefined;
  /** Ends it at once, as a power cut would; it stays down until it is started. */
  kill(): Promise<void>;
  /** With what it has on disk. */
  start(): Promise<void>;
  /** Both, one after the other. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

export const hasInfluxd = isInstalled("influxd");
export const hasVictoria = isInstalled("victoria-metrics");

/** Debian's InfluxDB 1.6, with one database. */
export function startInfluxd(): Promise<SeriesServer> {
  return startServer("influxd", {
    ports: 2,
    commandOf: (folder, port) => ({
      // Not the machine's own configuration.
      args: ["run", "-config", "/dev/null"],
      env: {
        INFLUXDB_REPORTING_DISABLED: "true",
        INFLUXDB_META_DIR: join(folder, "meta"),
        INFLUXDB_DATA_DIR: join(folder, "data"),
        INFLUXDB_DATA_WAL_DIR: join(folder, "wal"),
        INFLUXDB_HTTP_BIND_ADDRESS: `127.0.0.1:${port}`,
        INFLUXDB_BIND_ADDRESS: `127.0.0.1:${port + 1}`,
        INFLUXDB_HTTP_LOG_ENABLED: "false",
        INFLUXDB_MONITOR_STORE_ENABLED: "false",
      },
    }),
    isReady: async (url) => (await fetch(`${url}/ping`)).status === 204,
    async prepare(url) {
      const body = new URLSearchParams({ q: 'create database "sun"' });
      await fetch(`${url}/query`, { method: "POST", body });
    },
    addressOf: (url) => `influxdb+${url}/sun`,
  });
}

/** Debian's VictoriaMetrics, one server. */
export function startVictoria(
  options: readonly string[] = ["-retentionPeriod=100y"],
): Promise<SeriesServer> {
  return startServer("victoria-metrics", {
    ports: 1,
    commandOf: (folder, port) => ({
      args: [
        ...[`-storageDataPath=${folder}`, `-httpListenAddr=127.0.0.1:${port}`],
        ...["-dedup.minScrapeInterval=1ms", "-loggerLevel=ERROR", ...options],
      ],
      env: {},
    }),
    isReady: async (url) => (await (await fetch(`${url}/health`)).text()) === "OK",
    prepare: async () => {},
    addressOf: (url) => `victoriametrics+${url}`,
  });
}

type Kind = {
  readonly ports: number;
  readonly commandOf: (
    folder: string,
    port: number,
  ) => { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };
  readonly isReady: (url: string) => Promise<boolean>;
  readonly prepare: (url: string) => Promise<void>;
  readonly addressOf: (url: string) => string;
};

async function startServer(program: string, kind: Kind): Promise<SeriesServer> {
  const folder = await mkdtemp(join(tmpdir(), "sunledger-series-"));
  const port = await freePorts(kind.ports);
  const url = `http://127.0.0.1:${port}`;
  const { args, env } = kind.commandOf(folder, port);

  const begin = async () => {
    const server = spawn(program, [...args], { env: { ...process.env, ...env }, stdio: "ignore" });
    await until(`${program} to listen`, async () => {
      if (server.exitCode !== null) throw new Error(`${program} ended with ${server.exitCode}`);
      return kind.isReady(url);
    });
    return server;
  };
  let server = await begin();
  let isDown = false;
  await kind.prepare(url);

  const kill = async () => {
    isDown = true;
    await end(server, "SIGKILL");
  };
  const start = async () => {
    await anotherSecond();
    server = await begin();
    isDown = false;
  };

  return {
    address: kind.addressOf(url),
    ...{ url, port },
    pid: () => (isDown ? undefined : server.pid),
    ...{ kill, start },
    async restart() {
      await kill();
      await start();
    },
    async stop() {
      await end(server, "SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A server says in whole seconds when it was started: two starts within one cannot be told apart. */
async function anotherSecond(): Promise<void> {
  const now = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 1_010 - (now % 1_000)));
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  server.kill(signal);
  await ended;
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
