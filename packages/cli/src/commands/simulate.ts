import { resolve } from "node:path";
import { Command } from "commander";
import { runInForeground } from "../foreground.ts";
import { factorOption } from "../options.ts";
import { houseToDrive } from "../simulate/house-to-drive.ts";
import { timeFactorOf } from "../simulate/time-factor.ts";

type Options = { readonly scenario: string; readonly port?: string; readonly speed?: number };

export function simulateCommand(): Command {
  return new Command("simulate")
    .description("run simulated plants, served over Modbus TCP")
    .requiredOption("-s, --scenario <file>", "the YAML file that describes the plants")
    .option("-p, --port <port>", "port of the first device, counted up for the others")
    .option(
      "--speed <factor>",
      "let time pass this many times as fast, and drive the programs' clock; absent: the scenario's timeFactor",
      factorOption,
    )
    .addHelpText(
      "after",
      `
Settings: SUNLEDGER_SIMULATOR_HOST (127.0.0.1), SUNLEDGER_SIMULATOR_PORT (15020),
SUNLEDGER_SIMULATOR_OPEN (yes: other machines may reach them, though Modbus protects nothing),
SUNLEDGER_LEDGER_DIR (writes down what was served, what was really the matter and the true energies),
SUNLEDGER_LEDGER_MB (what the ledger of one device may take on disk: the oldest goes; absent: all is kept),
SUNLEDGER_LEDGER_PORT (answers them as JSON: /served/PLANT/DEVICE, /events/PLANT/DEVICE, /whole/PLANT/DEVICE,
/labels/PLANT, /energies/PLANT),
SUNLEDGER_STATE_DIR (counters live on there).
With --speed it drives the house that runs with a driven clock in SUNLEDGER_DATA_DIR, or whose broker
and secret SUNLEDGER_MQTT_URL and SUNLEDGER_SERVICE_SECRET name.

Example:
  $ npx sunledger simulate --scenario simulators/scenarios/demo.yaml --port 15020`,
    )
    .action(async ({ scenario, port, speed: told }: Options) => {
      const speed = told ?? timeFactorOf(scenario);
      const driving = speed === undefined ? {} : await houseToDrive();
      await runInForeground("simulators", {
        args: speed === undefined ? [] : [`--speed=${speed}`],
        env: {
          ...driving,
          SUNLEDGER_SCENARIO: resolve(scenario),
          ...(port !== undefined && { SUNLEDGER_SIMULATOR_PORT: port }),
        },
      });
    });
}
