import type * as z from "zod";
import { mistypedSettings } from "./setting-names.ts";
import { settingProblems } from "./setting-problems.ts";

/**
 * Reads a service's settings from the environment, or says everything that is wrong with them. A name
 * that is no program's setting is refused: what somebody meant to set would stay unset in silence.
 */
export function loadConfig<S extends z.ZodObject>(
  schema: S,
  env: NodeJS.ProcessEnv = process.env,
): Readonly<z.infer<S>> {
  // An empty variable is an absent one: that is how shells and compose files unset a setting.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  const mistyped = mistypedSettings(env);
  if (result.success && mistyped.length === 0) return Object.freeze(result.data);
  const wrong = result.success ? [] : settingProblems(result.error, given);
  throw new ConfigError([...mistyped, ...wrong].map((problem) => `✖ ${problem}`).join("\n"));
}

/** A setting that cannot be used; the message names every problem and is fit to print alone. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
