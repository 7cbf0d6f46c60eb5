import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpus, loadavg } from "node:os";
import { setTimeout as pass } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePorts } from "../support/free-ports.ts";
import { cpuSeconds, residentMegabytes } from "../support/process-usage.ts";
import type { PollReport } from "./simulator-load/poll-devices.ts";

const run = promisify(execFile);
const simulators = fileURLToPath(new URL("../../simulators/src/main.ts", import.meta.url));
const scenario = fileURLToPath(
  new URL("../../simulators/scenarios/fleet-1000.yaml", import.meta.url),
);
const bareServer = fileURLToPath(new URL("simulator-load/bare-server.ts", import.meta.url));
const pollDevices = fileURLToPath(new URL("simulator-load/poll-devices.ts", import.meta.url));

const devices = 1_000;
const mostStartMs = 120_000;

/** The measurements of the fleet's devices, plant by plant: 18 inverters of two makes in turn, a meter, a station. */
const [sunspec, huawei, meter, station] = [
  [40_070, 52],
  [32_064, 54],
  [40_070, 107],
  [40_070, 10],
] as const;
const reads = [...Array.from({ length: 9 }, () => [sunspec, huawei]).flat(), meter, station];

const limit = {
  /** One process on one core, each device once a second: with as much to spare as it takes. */
  missedPolls: 0,
  coreShare: 0.5,
  /** From a poll to its answer: so old may values be at most. */
  answerP99Ms: 200,
  /** Answers that are not what the scenario has. */
  differing: 0,
};

/** Of the paced polls, those that are compared: one in ten, but where counters went on meanwhile. */
const leastCompared = 0.05;

/**
 * A thousand Modbus TCP devices of fifty plants, polled each second from one simulator process that has one core to
 * itself, beside a server on Node that answers the same reads with zeros; and how many polls a second each of them
 * stands at most. Answers are compared with the scenario, worked out by the poller.
 */
export async function bench({ seconds }: { readonly seconds: number }) {
  const last = cpus().length - 1;
  const before = loadavg()[0];
  const port = await freePorts(devices);
  const place = { core: last, port, seconds: seconds / 2 };
  const simulated = await measure(
    place,
    [simulators],
    {
      SUNLEDGER_SCENARIO: scenario,
      SUNLEDGER_SIMULATOR_PORT: String(port),
    },
    scenario,
  );
  const bare = await measure(place, [bareServer, port, devices], {});
  const figure = {
    missedPolls: simulated.paced.missed + simulated.paced.refused,
    coreShare: simulated.paced.coreShare,
    answerP99Ms: simulated.paced.latencyMs.p99,
    differing: simulated.paced.differing,
  };
  const isCompared = simulated.paced.compared > leastCompared * simulated.paced.polls;
  return {
    name: "simulate",
    machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`,
    load: { before, after: loadavg()[0] },
    figure,
    limit,
    ratio: round(
      Math.max(figure.coreShare / limit.coreShare, figure.answerP99Ms / limit.answerP99Ms),
    ),
    reachesGoal:
      isCompared &&
      (Object.keys(limit) as (keyof typeof limit)[]).every((name) => figure[name] <= limit[name]),
    mostPollsPerSecond: simulated.mostPollsPerSecond,
    /** The least that answering costs on Node. */
    floor: { coreShare: bare.paced.coreShare, mostPollsPerSecond: bare.mostPollsPerSecond },
    coreShareOverFloor: round(figure.coreShare / bare.paced.coreShare),
    results: { simulated, bare },
  };
}

type Place = { readonly core: number; readonly port: number; readonly seconds: number };

async function measure(
  { core, port, seconds }: Place,
  program: readonly (string | number)[],
  env: Readonly<Record<string, string>>,
  served?: string,
) {
  const server = await started(core, program, env);
  try {
    // The poller takes another core, where there is one.
    const poller = { core: Math.max(0, core - 1), port, seconds: seconds / 2 };
    const polling = polled(poller, "paced", served);
    await pass(settledMs);
    const [begin, before] = [performance.now(), cpuSeconds(server.pid)];
    const paced = await polling;
    const spent = (performance.now() - begin) / 1_000;
    const coreShare = round((cpuSeconds(server.pid) - before) / spent);
    const most = await polled(poller, "unpaced");
    return {
      paced: { ...paced, coreShare },
      mostPollsPerSecond: Math.round(most.polls / most.seconds),
      memoryMb: residentMegabytes(server.pid),
    };
  } finally {
    server.kill("SIGTERM");
    await once(server, "exit");
  }
}

/** By then the poller has connected to all devices. */
const settledMs = 3_000;

async function polled(
  { core, port, seconds }: Place,
  manner: string,
  served?: string,
): Promise<PollReport> {
  const what = [JSON.stringify(reads), ...(served === undefined ? [] : [served])];
  const args = [process.execPath, pollDevices, port, devices, seconds, manner, ...what];
  const { stdout } = await run("taskset", ["-c", core, ...args].map(String));
  return JSON.parse(stdout);
}

/** A program of ours on one core, when it says that it has started. */
async function started(
  core: number,
  program: readonly (string | number)[],
  env: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const args = ["-c", core, process.execPath, ...program].map(String);
  const child = spawn("taskset", args, {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  const hasStarted = new Promise<void>((resolve, reject) => {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said = `${said}${text}`.slice(-4_096);
      if (said.includes("started")) resolve();
    });
    child.once("exit", (code) => reject(new Error(`the server has ended with ${code}: ${said}`)));
    setTimeout(() => reject(new Error("the server does not start")), mostStartMs).unref();
  });
  await hasStarted.catch((error: unknown) => {
    child.kill();
    throw error;
  });
  return child;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
