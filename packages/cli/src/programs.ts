import { fileURLToPath } from "node:url";

/** Where the workspace lies. */
export const workspace = new URL("../../../", import.meta.url);

const files = {
  broker: "ingest/src/broker/main.ts",
  ingest: "ingest/src/main.ts",
  checkInputs: "ingest/src/inputs/main.ts",
  api: "api/src/main.ts",
  gateway: "gateway/src/main.ts",
  checkGateway: "gateway/src/check/main.ts",
  scan: "gateway/src/scan/main.ts",
  simulators: "simulators/src/main.ts",
  history: "simulators/src/history/main.ts",
  replay: "simulators/src/replay/main.ts",
  createUser: "api/src/identity/create-user-main.ts",
} as const;

export type ProgramName = keyof typeof files;

/** The file that starts a program. The command line knows programs by this name alone. */
export function programFile(name: ProgramName): string {
  return fileURLToPath(new URL(files[name], workspace));
}
