import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compiledOnce } from "./compiled.ts";
import { freePorts } from "./free-ports.ts";
import { type SignedIn, signIn } from "./signed-in.ts";
import { until } from "./until.ts";

const simulatedDevices = 14;
/** A busy machine takes a minute; less than the hooks of a test may take. */
const timeoutMs = 110_000;
const command = fileURLToPath(new URL("../../packages/cli/bin/sunledger.js", import.meta.url));

export type HousePorts = {
  readonly http: number;
  readonly mqtt: number;
  readonly simulators: number;
};

export type HouseOptions = {
  /** A folder of its own is made and removed when absent. */
  readonly dataDir?: string;
  readonly ports?: HousePorts;
  /** Two simulated plants; `true` unless told otherwise. */
  readonly demo?: boolean;
  readonly history?: boolean;
  /** Further options of `start`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** One program of a running house, as its supervisor writes it down. */
export type HouseProgram = {
  readonly name: string;
  readonly state: string;
  readonly pid?: number;
  readonly port?: number;
  readonly restarts: number;
};

export type TestHouse = {
  readonly dataDir: string;
  readonly ledgerDir: string;
  readonly ports: HousePorts;
  readonly address: string;
  readonly databaseUrl: string;
  /** All that it has printed. */
  output(): string;
  programs(): readonly HouseProgram[];
  program(name: string): HouseProgram;
  /** Kills a program with -9 and resolves once it runs again with another process. */
  kill(name: string): Promise<void>;
  /** The process of the supervisor itself. */
  readonly supervisor: ChildProcess;
  signIn(email?: string): Promise<SignedIn>;
  /** One Ctrl-C; the exit code. Kept data stay until `remove`. */
  stop(): Promise<number | null>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
};

/** Starts the real thing on free ports in a folder of its own, and waits until it is ready. */
export async function startHouse(options: HouseOptions = {}): Promise<TestHouse> {
  const dataDir = options.dataDir ?? makeDataFolder();
  const ports = options.ports ?? (await freeHousePorts());
  const ledgerDir = join(dataDir, "ledger");
  mkdirSync(ledgerDir, { recursive: true });
  const started = launch(
    ["start", ...kindOf(options), ...historyOf(options), ...(options.args ?? [])],
    { ...environmentOf(dataDir, ports), SUNLEDGER_LEDGER_DIR: ledgerDir, ...options.env },
  );
  const { child, output } = started;
  const state = () => readState(dataDir);
  const isUp = () =>
    child.exitCode !== null || (state()?.supervisor === child.pid && state()?.ready);
  await until("the house to be ready, or to end", isUp, { timeoutMs }).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error instanceof Error ? new Error(`${error.message}\n${output()}`) : error;
  });
  if (child.exitCode !== null) throw new FailedStart(output());

  const program = (name: string) => {
    const found = state()?.programs.find((one) => one.name === name);
    if (!found) throw new Error(`the house has no program ${name}`);
    return found;
  };
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    child.kill("SIGINT");
    const [code] = await once(child, "exit");
    return code;
  };
  const address = `http://127.0.0.1:${ports.http}`;
  return {
    dataDir,
    ledgerDir,
    ports,
    address,
    databaseUrl: state()?.databaseUrl ?? "",
    output,
    programs: () => state()?.programs ?? [],
    program,
    async kill(name) {
      const { pid } = program(name);
      if (pid === undefined) throw new Error(`${name} does not run`);
      process.kill(pid, "SIGKILL");
      await until(`${name} to run again`, () => {
        const now = program(name);
        return now.state === "running" && now.pid !== pid;
      });
    },
    supervisor: child,
    signIn: (email = "operator@sunledger.example") => signIn(address, email),
    stop,
    async remove() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs the command line to its end. */
export async function sunledger(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const { child, output, errors } = launch(args, env);
  const [code] = await once(child, "close");
  return { code: code as number | null, output: output(), errors: errors() };
}

/** What a command is told to find a house's data and ports. */
export function environmentOf(dataDir: string, ports: HousePorts): Record<string, string> {
  return {
    SUNLEDGER_DATA_DIR: dataDir,
    SUNLEDGER_HTTP_PORT: String(ports.http),
    SUNLEDGER_MQTT_PORT: String(ports.mqtt),
    SUNLEDGER_SIMULATOR_PORT: String(ports.simulators),
  };
}

/** A new folder that the database's account can enter too. */
export function makeDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-house-"));
  chmodSync(folder, 0o755);
  return folder;
}

export async function freeHousePorts(): Promise<HousePorts> {
  const first = await freePorts(simulatedDevices + 2);
  return { http: first, mqtt: first + 1, simulators: first + 2 };
}

function kindOf({ demo = true }: HouseOptions): string[] {
  return demo ? ["--demo"] : ["--empty"];
}

function historyOf({ history = false }: HouseOptions): string[] {
  return history ? [] : ["--no-history"];
}

class FailedStart extends Error {
  override readonly name = "FailedStart";
}

function launch(args: readonly string[], env: Readonly<Record<string, string>>) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("SUNLEDGER_") && !name.startsWith("VITEST") && name !== "NODE_ENV",
  );
  const child = spawn(process.execPath, [command, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...compiledOnce, ...Object.fromEntries(inherited), ...env },
    detached: true,
  });
  let printed = "";
  let complained = "";
  child.stdout.on("data", (text) => (printed += text));
  child.stderr.on("data", (text) => (complained += text));
  return { child, output: () => printed + complained, errors: () => complained };
}

type State = {
  readonly supervisor: number;
  readonly ready: boolean;
  readonly databaseUrl?: string;
  readonly programs: readonly HouseProgram[];
};

function readState(dataDir: string): State | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, "run", "programs.json"), "utf8")) as State;
  } catch {
    return undefined;
  }
}
