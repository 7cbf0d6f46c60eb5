import { parseArgs } from "node:util";
import { decimalIn } from "@sunledger/model/decimal";
import { ConfigError } from "@sunledger/runtime";

export type ReplayArguments = {
  readonly file: string;
  readonly map: string;
  readonly speed: "full" | number;
  /** Only say which devices the file needs. */
  readonly devices: boolean;
};

const usage = "replay FILE --map MAP.yaml [--speed full|N] [--devices]";

export function replayArguments(args: readonly string[]): ReplayArguments {
  const { values, positionals } = parsed(args);
  const [file, ...more] = positionals;
  if (!file || more.length > 0 || !values.map) throw new ConfigError(`use: ${usage}`);
  const speed = values.speed === "full" ? "full" : factorOf(values.speed);
  if (speed !== "full" && !(speed > 0)) {
    throw new ConfigError(`--speed is full or a number above 0, not ${values.speed}`);
  }
  return { file, map: values.map, speed, devices: values.devices };
}

/** NaN for what is no decimal number. */
function factorOf(text: string): number {
  return decimalIn(text) ? Number(text) : Number.NaN;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        map: { type: "string" },
        speed: { type: "string", default: "full" },
        devices: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : error}\nuse: ${usage}`);
  }
}
