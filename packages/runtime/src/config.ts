import type * as z from "zod";
import { emptySettings, mistypedSettings } from "./setting-names.ts";
import { settingProblems } from "./setting-problems.ts";

/**
 * Reads a service's settings from the environment, or says everything that is wrong with them. A name
 * that is no program's setting is refused, and so is a setting without a value, as of a shell's variable that
 * was not set: what somebody meant to set would stay unset in silence.
 */
export function loadConfig<S extends z.ZodObject>(
  schema: S,
  env: NodeJS.ProcessEnv = process.env,
): Readonly<z.infer<S>> {
  const empty = emptySettings(env);
  const given = Object.fromEntries(Object.entries(env).filter(([name]) => !empty.includes(name)));
  const result = schema.safeParse(given);
  const mistyped = mistypedSettings(env);
  if (result.success && mistyped.length === 0 && empty.length === 0) {
    return Object.freeze(result.data);
  }
  const wrong = result.success ? [] : settingProblems(result.error, given, empty);
  const problems = [
    ...mistyped,
    ...wrong,
    ...empty.map((name) => `${name} is empty: give it a value or take it away`),
  ];
  throw new ConfigError(problems.map((problem) => `✖ ${problem}`).join("\n"));
}

/** A setting that cannot be used; the message names every problem and is fit to print alone. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
