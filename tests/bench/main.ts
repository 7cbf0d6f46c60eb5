import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** What each file of this folder exports; its answer is printed as JSON. Short of its goal it ends with 1. */
type Bench = (options: { readonly seconds: number }) => Promise<{ readonly reachesGoal?: boolean }>;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string", default: "60" } },
});
const [name = ""] = positionals;
const seconds = Number(values.seconds);
const file = join(import.meta.dirname, `${name}.ts`);

if (/^[a-z-]+$/.test(name) && name !== "main" && existsSync(file) && seconds > 0) {
  const { bench }: { bench: Bench } = await import(file);
  const result = await bench({ seconds });
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (result.reachesGoal === false) process.exitCode = 1;
} else {
  process.stderr.write(
    "npm run bench -- NAME [--seconds N], NAME one of the files of tests/bench\n",
  );
  process.exitCode = 1;
}
