import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { freePorts } from "./free-ports.ts";
import { until } from "./until.ts";

export type MosquittoOptions = {
  /** Passwords by user name. */
  readonly users: Readonly<Record<string, string>>;
  readonly drivenClock?: boolean;
  /** Lines that are added to the shipped policy. */
  readonly policy?: string;
  /** The first of two ports that one killed had before; free ones when absent. */
  readonly port?: number;
};

export type Mosquitto = {
  /** For the house's programs. */
  readonly url: string;
  /** For gateways: there the client id is the user name. */
  readonly gatewayUrl: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
};

const shipped = new URL("../../infra/mosquitto/", import.meta.url);

export function hasMosquitto(): boolean {
  try {
    execFileSync("mosquitto", ["-h"], { stdio: "ignore" });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENOENT"; // its help exits with 3
  }
  return true;
}

/** Starts the machine's Mosquitto with the shipped configuration, on free ports of loopback. */
export async function startMosquitto(options: MosquittoOptions): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-mosquitto-"));
  const port = options.port ?? (await freePorts(2));
  const configuration = writeConfiguration(folder, port, options);

  const server = spawn("mosquitto", ["-c", configuration], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.on("data", (text) => {
      said += text;
    });
  }
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  };
  await until("mosquitto to listen", async () => {
    if (server.exitCode !== null) throw new Error(said);
    return (await answers(port)) && (await answers(port + 1));
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    url: `mqtt://127.0.0.1:${port}`,
    gatewayUrl: `mqtt://127.0.0.1:${port + 1}`,
    process: server,
    stop,
  };
}

/** The shipped files, with the ports and paths of a test and without TLS. */
function writeConfiguration(folder: string, port: number, options: MosquittoOptions): string {
  const write = (name: string, content: string) => {
    const file = join(folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  const policy = `${readFileSync(new URL("sunledger.acl", shipped), "utf8")}\n${options.policy ?? ""}`;
  write("sunledger.acl", options.drivenClock ? policy.replaceAll("#driven ", "") : policy);

  const lines = Object.entries(options.users).map(([user, password]) => `${user}:${password}\n`);
  execFileSync("mosquitto_passwd", ["-U", write("sunledger.passwords", lines.join(""))]);

  const configuration = readFileSync(new URL("mosquitto.conf", shipped), "utf8")
    .replace(/^listener 8883$/m, `listener ${port + 1} 127.0.0.1`)
    .replace(/^listener 1883 127.0.0.1$/m, `listener ${port} 127.0.0.1`)
    .replace(/^(certfile|keyfile|tls_version) .*\n/gm, "")
    .replaceAll("/etc/mosquitto", folder);
  return write("mosquitto.conf", `user ${userInfo().username}\n${configuration}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (does: boolean) => () => {
      socket.destroy();
      resolve(does);
    };
    socket.once("connect", answer(true)).once("error", answer(false));
  });
}
