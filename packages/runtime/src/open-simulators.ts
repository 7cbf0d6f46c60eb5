import * as z from "zod";
import { isLoopback } from "./listener-tls.ts";

/** Says that simulated devices may be reached from other machines: Modbus protects nothing. */
export const SimulatorOpen = z.enum(["yes", "no"]).default("no");

type SimulatorListener = {
  readonly SUNLEDGER_SIMULATOR_HOST: string;
  readonly SUNLEDGER_SIMULATOR_OPEN: z.infer<typeof SimulatorOpen>;
};

/** Why simulated devices may not listen there; `undefined` where they may. */
export function simulatorFault(settings: SimulatorListener): string | undefined {
  const { SUNLEDGER_SIMULATOR_HOST: host, SUNLEDGER_SIMULATOR_OPEN: open } = settings;
  if (isLoopback(host) || open === "yes") return undefined;
  return (
    `SUNLEDGER_SIMULATOR_HOST is ${host}, which other machines can reach, and Modbus knows neither ` +
    "TLS nor passwords: set SUNLEDGER_SIMULATOR_OPEN=yes if anybody there may read and write the " +
    "simulated devices, or listen on 127.0.0.1"
  );
}
