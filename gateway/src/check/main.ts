import { parseArgs } from "node:util";
import { ConfigError } from "@sunledger/runtime";
import { judgedProfiles, ProfileError, profileError } from "../profiles/load-profiles.ts";
import { profileFolder } from "../profiles/profile-folder.ts";
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
  const { config: file } = values;
  const { text, problems } = judged(file);
  process.stdout.write(text);
  process.stderr.write(problems.map((problem) => `${problem}\n`).join(""));
  return problems.length === 0 ? 0 : 1;
}

type Judgement = { readonly text: string; readonly problems: readonly string[] };

/** What is wrong with the profiles and with the file, all at once. */
function judged(file: string | undefined): Judgement {
  const found: string[] = [];
  try {
    if (file === undefined) throw new ConfigError("a check wants a file: --config FILE");
    const sunspec = sunspecPointNames(loadSunspecModels());
    const { profiles, faults } = judgedProfiles({ sunspec, ...profileFolder() });
    if (faults.length > 0) found.push(profileError(faults).message);
    const config = readGatewayConfig(file, profiles);
    const text = found.length === 0 ? checkText(file, config, profiles) : "";
    return { text, problems: found };
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof ProfileError)) throw error;
    return { text: "", problems: [...found, error.message] };
  }
}
