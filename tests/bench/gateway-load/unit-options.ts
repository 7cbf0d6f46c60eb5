import { readFileSync } from "node:fs";

const unit = new URL("../../../infra/systemd/sunledger-gateway.service", import.meta.url);

/** What the systemd unit tells Node of a gateway, by its environment; what is compiled is kept in that folder. */
export function unitOptions(cacheFolder: string): Record<string, string> {
  const text = readFileSync(unit, "utf8");
  const [, options] =
    /^ExecStart=\S+\/node ((?:--\S+ )*)\S+\/gateway\/src\/main\.ts$/m.exec(text) ?? [];
  const keepsCompiled = /^Environment=NODE_COMPILE_CACHE=/m.test(text);
  if (options === undefined) throw new Error("the unit does not start a gateway");
  return {
    NODE_OPTIONS: options.trim(),
    ...(keepsCompiled && { NODE_COMPILE_CACHE: cacheFolder }),
  };
}
