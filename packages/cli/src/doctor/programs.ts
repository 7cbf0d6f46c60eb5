import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { messageOf } from "../plain-error.ts";
import { type LogError, lastError } from "../start/log-file.ts";
import type { RunningHouse } from "../start/running-house.ts";
import { type Finding, unknown, well, wrong } from "./finding.ts";

const patienceMs = 3_000;

/** A program that goes on has got over what its log said longer ago. */
const newsMs = 10 * 60 * 1_000;

/**
 * The supervised programs, as their house last wrote them down, and what the log of one that runs has
 * lately called an error. `excuse` says why one may not have started yet; `now`: the system's time.
 */
export function checkPrograms(
  { programs }: Pick<RunningHouse, "programs">,
  logs: string,
  excuse: string | undefined,
  now: number,
): Finding[] {
  return programs.flatMap(({ name, state, restarts, log = join(logs, `${name}.log`) }) => {
    const again = restarts > 0 ? `, started again ${restarts} times` : "";
    if (state === "running" || state === "done") {
      const trouble = lastError(log, now - newsMs);
      const found = well(name, `${state}${again}`);
      return trouble ? [found, unknown(name, lately(trouble, now))] : [found];
    }
    if (state === "starting" && excuse) return [unknown(name, `${state}${again}: ${excuse}`)];
    return [wrong(name, `${state}${again}`, `read the end of ${log}`)];
  });
}

function lately({ at, said }: LogError, now: number): string {
  return `its log said ${Math.max(0, Math.round((now - at) / 1_000))} s ago: ${said}`;
}

/** Whether something listens where the broker should. */
export async function checkBroker(mqttUrl: string): Promise<Finding> {
  const { hostname, port, host } = new URL(mqttUrl);
  const problem = await problemWithConnecting(
    hostname.replace(/^\[|\]$/g, ""),
    Number(port) || 1_883,
  );
  if (!problem) return well("broker", `answers on ${host}`);
  return wrong("broker", `${host}: ${problem}`, "start it, or check SUNLEDGER_MQTT_URL");
}

/** Whether the api is up and has everything that it needs; `excuse`: why it may not be up yet. */
export async function checkApi(address: string, excuse: string | undefined): Promise<Finding> {
  const advice = "start it, or read logs/api.log in the data folder";
  try {
    const { status, said } = await answerOf(`${address}/readyz`);
    if (status === 200) return well("api", `ready on ${address}`);
    return wrong("api", `${address}/readyz says ${status}: ${said}`, advice);
  } catch (error) {
    if (excuse) return unknown("api", `does not answer yet on ${address}: ${excuse}`);
    return wrong("api", `${address}: ${messageOf(error)}`, advice);
  }
}

/**
 * What is answered on this machine. The certificate may bear only the name that people type, and nothing
 * secret is asked: it is not judged.
 */
async function answerOf(url: string) {
  const get = url.startsWith("https:") ? https.get : http.get;
  const signal = AbortSignal.timeout(patienceMs);
  const asked = get(url, { signal, rejectUnauthorized: false });
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return { status: answer.statusCode, said: await text(answer) };
}

function problemWithConnecting(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patienceMs });
    const end = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once("connect", () => end());
    socket.once("timeout", () => end("no answer"));
    socket.once("error", (error) => end(error.message));
  });
}
