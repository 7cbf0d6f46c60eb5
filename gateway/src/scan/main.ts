import { parseArgs } from "node:util";
import { systemClock } from "@sunledger/runtime";
import { DeviceUrl } from "../modbus/device-url.ts";
import { loadProfiles } from "../profiles/load-profiles.ts";
import { loadSunspecModels, sunspecPointNames } from "../sunspec/models.ts";
import { scanDevice } from "./scan-device.ts";
import { scanText } from "./scan-text.ts";

const help = `Shows what a Modbus TCP device is, with values.

  scan tcp://host:port?unit=1 [--profile ID] [--json] [--trace]

  --profile ID   read it by this profile instead of finding out
  --json         print JSON instead of a table
  --trace        print the bytes as they go and come, on standard error
`;

const quiet = () => undefined;
const log = { warn: quiet, info: quiet, debug: quiet };

process.exitCode = await scan();

async function scan(): Promise<number> {
  const stopping = new AbortController();
  process.once("SIGINT", () => stopping.abort());
  process.once("SIGTERM", () => stopping.abort());
  let url = "scan";
  try {
    const { positionals, values } = argumentsGiven();
    if (values.help) {
      process.stdout.write(help);
      return 0;
    }
    const parsed = DeviceUrl.safeParse(positionals[0] ?? "");
    if (!parsed.success || positionals.length !== 1) {
      process.stderr.write(`scan wants one address: tcp://host:port?unit=1\n\n${help}`);
      return 1;
    }
    url = parsed.data;
    const models = loadSunspecModels();
    const profiles = loadProfiles({
      sunspec: sunspecPointNames(models),
      ...(process.env.SUNLEDGER_PROFILE_DIR && { folder: process.env.SUNLEDGER_PROFILE_DIR }),
    });
    if (values.profile !== undefined && !profiles.has(values.profile)) {
      const ids = [...profiles.keys()].join(", ");
      process.stderr.write(`there is no profile ${values.profile}; there are ${ids}\n`);
      return 1;
    }
    const found = await scanDevice({
      url,
      profiles,
      models,
      clock: systemClock(),
      log,
      signal: stopping.signal,
      ...(values.profile !== undefined && { profile: values.profile }),
      ...(values.trace && { trace }),
    });
    process.stdout.write(values.json ? `${JSON.stringify(found, null, 2)}\n` : scanText(found));
    return 0;
  } catch (error) {
    process.stderr.write(`${url}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function argumentsGiven() {
  return parseArgs({
    allowPositionals: true,
    options: {
      profile: { type: "string" },
      json: { type: "boolean" },
      trace: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
}

function trace(direction: "sent" | "got", bytes: Buffer): void {
  process.stderr.write(`${direction === "sent" ? ">" : "<"} ${bytes.toString("hex")}\n`);
}
