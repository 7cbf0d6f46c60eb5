import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** What each file of this folder exports; its answer is printed as JSON. */
type Bench = (options: { readonly seconds: number }) => Promise<unknown>;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string", default: "60" } },
});
const [name = ""] = positionals;
const seconds = Number(values.seconds);
const file = join(import.meta.dirname, `${name}.ts`);

if (/^[a-z-]+$/.test(name) && name !== "main" && existsSync(file) && seconds > 0) {
  const { bench }: { bench: Bench } = await import(file);
  process.stdout.write(`${JSON.stringify(await bench({ seconds }), null, 2)}\n`);
} else {
  process.stderr.write(
    "npm run bench -- NAME [--seconds N], NAME one of the files of tests/bench\n",
  );
  process.exitCode = 1;
}
