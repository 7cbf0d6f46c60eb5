import * as z from "zod";

/** Reads a service's settings from the environment, or says everything that is wrong with them. */
export function loadConfig<S extends z.ZodObject>(
  schema: S,
  env: NodeJS.ProcessEnv = process.env,
): Readonly<z.infer<S>> {
  // An empty variable is an absent one: that is how shells and compose files unset a setting.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  if (!result.success) throw new ConfigError(z.prettifyError(result.error));
  return Object.freeze(result.data);
}

/** A setting that cannot be used; the message names every problem and is fit to print alone. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
