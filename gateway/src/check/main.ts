import { parseArgs } from "node:util";
import { ConfigError } from "@sunledger/runtime";
import { loadProfiles, ProfileError } from "../profiles/load-profiles.ts";
import { configSchemaText } from "../site-file/config-schema.ts";
import { readGatewayConfig } from "../site-file/read-gateway-config.ts";
import { loadSunspecModels, sunspecPointNames } from "../sunspec/models.ts";
import { checkText } from "./check-text.ts";

process.exitCode = check();

function check(): number {
  const { values } = parseArgs({
    options: { config: { type: "string" }, "print-schema": { type: "boolean" } },
  });
  if (values["print-schema"]) {
    process.stdout.write(configSchemaText());
    return 0;
  }
  try {
    const { config: file } = values;
    if (file === undefined) throw new ConfigError("a check wants a file: --config FILE");
    const folder = process.env.SUNLEDGER_PROFILE_DIR;
    const sunspec = sunspecPointNames(loadSunspecModels());
    const profiles = loadProfiles({ sunspec, ...(folder && { folder }) });
    process.stdout.write(checkText(file, readGatewayConfig(file, profiles), profiles));
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof ProfileError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
