import { once } from "node:events";
import { freePorts } from "../support/free-ports.ts";
import { type Mosquitto, startMosquitto } from "../support/mosquitto.ts";
import { type Environment, keptProgram } from "./kept-program.ts";

export type BrokerKind = "aedes" | "mosquitto";

/** A broker that comes back where it was, and remembers nothing. */
export interface KeptBroker {
  /** For the house's programs. */
  readonly port: number;
  readonly gatewayPort: number;
  pid(): number | undefined;
  start(): Promise<void>;
  /** With -9. */
  kill(): Promise<void>;
  surprises(): readonly string[];
  stop(): Promise<void>;
}

/** The house's own broker, as a process. */
export async function keptAedes(env: Environment): Promise<KeptBroker> {
  const port = await freePorts(1);
  const own = { ...env, SUNLEDGER_MQTT_PORT: String(port) };
  const program = keptProgram("broker", "ingest/src/broker/main.ts", own);
  return { ...program, port, gatewayPort: port, start: () => program.start() };
}

/** The machine's Mosquitto with the shipped configuration. */
export async function keptMosquitto(users: Readonly<Record<string, string>>): Promise<KeptBroker> {
  const port = await freePorts(2);
  const surprises: string[] = [];
  let server: Mosquitto | undefined;
  const gone = async () => {
    const last = server;
    server = undefined;
    await last?.stop();
  };
  return {
    port,
    gatewayPort: port + 1,
    pid: () => server?.process.pid,
    async start() {
      const started = await startMosquitto({ users, port });
      server = started;
      started.process.once("exit", (code, signal) => {
        if (server === started && signal !== "SIGKILL") {
          surprises.push(`mosquitto ended by ${signal ?? code}`);
        }
      });
    },
    async kill() {
      const process = server?.process;
      if (process && process.exitCode === null && process.signalCode === null) {
        process.kill("SIGKILL");
        await once(process, "exit");
      }
      await gone();
    },
    surprises: () => surprises,
    stop: gone,
  };
}
