import { parseArgs } from "node:util";
import { GatewayId } from "@sunledger/model";
import { addressOf } from "@sunledger/model/device-url";
import type { LineAddress } from "@sunledger/model/line-address";
import { ConfigError, systemClock } from "@sunledger/runtime";
import { loadProfiles, type Profiles } from "../profiles/load-profiles.ts";
import { profileFolder } from "../profiles/profile-folder.ts";
import { loadSunspecModels, sunspecPointNames } from "../sunspec/models.ts";
import { type Scan, type ScanParts, scanDevice } from "./scan-device.ts";
import { type SiteScan, scanLines } from "./scan-hosts.ts";
import { scanText, siteText } from "./scan-text.ts";
import { starterConfig } from "./starter-config.ts";
import { type Target, TargetError, targetOf, unitsOf } from "./targets.ts";
import { writeNewFile } from "./write-new-file.ts";

const help = `Shows what Modbus devices are, with values.

  scan tcp://host:port?unit=1
  scan tcp://host:port --units 1-247
  scan rtu+tcp://host:port?unit=1
  scan "serial:///dev/ttyUSB0?baud=9600&parity=none&stop=1&unit=1"
  scan HOST[:port]
  scan 192.168.1.0/24[:port]
  scan 192.168.1.10..192.168.1.50[:port]

  --units LIST     ask these units of each host: 1-247, or 1,3,100-110; else those that devices
                   usually have, and behind a logger all that it serves
  --profile ID     read it by this profile instead of finding out
  --timeout MS     how long a host or unit may take to answer a search (1000)
  --write FILE     write a gateway's configuration that polls what was found
  --gateway ID     the gateway's id in that file (gateway-01)
  --json           print JSON instead of a table
  --trace          print the bytes as they go and come, on standard error

Only reads: nothing is written to a device.
`;

const quiet = () => undefined;
const log = { warn: quiet, info: quiet, debug: quiet };

process.exitCode = await scan();

async function scan(): Promise<number> {
  const stopping = new AbortController();
  process.once("SIGINT", () => stopping.abort());
  process.once("SIGTERM", () => stopping.abort());
  let about = "scan";
  try {
    const given = argumentsGiven();
    if (given.values.help) {
      process.stdout.write(help);
      return 0;
    }
    const asked = askedFor(given);
    about = asked.about;
    const { scans, text } = await found(asked, stopping.signal);
    process.stdout.write(text);
    if (asked.file !== undefined && scans.length > 0) {
      about = asked.file;
      writeNewFile(asked.file, starterConfig(asked.gateway, scans));
      process.stderr.write(`wrote ${asked.file}: look it over, then start the gateway with it\n`);
    }
    return scans.length > 0 ? 0 : 1;
  } catch (error) {
    const isMisuse = error instanceof TargetError || error instanceof ConfigError;
    const words = error instanceof Error ? error.message : String(error);
    process.stderr.write(isMisuse ? `${words}\n` : `${about}: ${words}\n`);
    return 1;
  }
}

type Asked = {
  readonly about: string;
  readonly target: Target;
  readonly units?: readonly number[];
  readonly profile?: string;
  readonly timeoutMs: number;
  readonly file?: string;
  readonly gateway: string;
  readonly json: boolean;
  readonly trace: boolean;
  readonly profiles: Profiles;
  readonly models: ScanParts["models"];
};

function askedFor({ positionals, values }: ReturnType<typeof argumentsGiven>): Asked {
  const [about = ""] = positionals;
  if (positionals.length !== 1) {
    throw new TargetError(
      "scan wants one address: a host, tcp://host:port?unit=1, or a range of hosts",
    );
  }
  const target = targetOf(about);
  const { units, profile, timeout = "1000", write: file, gateway = "gateway-01" } = values;
  if (!/^\d{2,6}$/.test(timeout)) throw new TargetError(`${timeout} are no milliseconds`);
  if (!GatewayId.safeParse(gateway).success) throw new TargetError(`${gateway} is no gateway's id`);
  const models = loadSunspecModels();
  const profiles = loadProfiles({ sunspec: sunspecPointNames(models), ...profileFolder() });
  if (profile !== undefined && !profiles.has(profile)) {
    const ids = [...profiles.keys()].join(", ");
    throw new TargetError(`there is no profile ${profile}; there are ${ids}`);
  }
  return {
    ...{ about, target, timeoutMs: Number(timeout), gateway, profiles, models },
    ...{ json: values.json === true, trace: values.trace === true },
    ...(units !== undefined && { units: unitsOf(units) }),
    ...(profile !== undefined && { profile }),
    ...(file !== undefined && { file }),
  };
}

type Found = { readonly scans: readonly Scan[]; readonly text: string };

async function found(asked: Asked, signal: AbortSignal): Promise<Found> {
  const { target, units, json, profile, profiles, models } = asked;
  const parts = {
    ...{ profiles, models, clock: systemClock(), log, signal },
    ...(profile !== undefined && { profile }),
    ...(asked.trace && { trace }),
  };
  if (target.kind === "device" && !units) {
    const scan = await scanDevice({ ...parts, url: target.url });
    return { scans: [scan], text: json ? jsonOf(scan) : scanText(scan) };
  }
  const lines = linesOf(target);
  const site = await scanLines(lines, {
    ...{ ...parts, timeoutMs: asked.timeoutMs },
    ...(units && { units }),
    onHost: progress(lines.length),
  });
  return { scans: site.found, text: json ? jsonOf(site) : siteText(site) };
}

function linesOf(target: Target): LineAddress[] {
  if (target.kind === "device") return [addressOf(target.url).line];
  return target.hosts.map((host) => ({ transport: "tcp", host, port: target.port }));
}

/** Tells people at a terminal how far a long search is. */
function progress(all: number) {
  return (done: number, answering: number) => {
    if (!process.stderr.isTTY || all < 2) return;
    const end = done === all ? "\n" : "";
    process.stderr.write(`\r${done} of ${all} hosts asked, ${answering} answer${end}`);
  };
}

function jsonOf(found: Scan | SiteScan): string {
  return `${JSON.stringify(found, null, 2)}\n`;
}

function argumentsGiven() {
  return parseArgs({
    allowPositionals: true,
    options: {
      units: { type: "string" },
      profile: { type: "string" },
      timeout: { type: "string" },
      write: { type: "string" },
      gateway: { type: "string" },
      json: { type: "boolean" },
      trace: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
}

function trace(direction: "sent" | "got", bytes: Buffer): void {
  process.stderr.write(`${direction === "sent" ? ">" : "<"} ${bytes.toString("hex")}\n`);
}
