import { loadConfig } from "@sunledger/runtime";
import * as z from "zod";

/** Further device profiles, for programs that live by nothing else of the environment. */
export const ProfileSettings = z.object({ SUNLEDGER_PROFILE_DIR: z.string().min(1).optional() });

/** The folder of further profiles, where the environment names one. Throws a `ConfigError` where it is empty. */
export function profileFolder(env?: NodeJS.ProcessEnv): { readonly folder?: string } {
  const { SUNLEDGER_PROFILE_DIR: folder } = loadConfig(ProfileSettings, env);
  return folder === undefined ? {} : { folder };
}
