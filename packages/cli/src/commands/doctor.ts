import { loadConfig, systemClock } from "@sunledger/runtime";
import { Command } from "commander";
import { examine } from "../doctor/examine.ts";
import { measureSize } from "../doctor/size/measure-size.ts";
import { tellSize } from "../doctor/size/tell-size.ts";
import { print } from "../print.ts";
import { HouseSettings } from "../settings.ts";

const marks = { well: "ok", wrong: "WRONG", unknown: "?" } as const;

export function doctorCommand(): Command {
  return new Command("doctor")
    .description("check an installation, say what is wrong and what to do about it")
    .option("--size", "say instead what the values take on disk, and what a year adds")
    .addHelpText(
      "after",
      `
Looks at Node, the data folder, ports, PostgreSQL, its tables and row-level security, the running
programs, the broker, the api, and whether the gateways' devices report. Exit code 1 when anything
is wrong. Takes the same settings as "sunledger start".

Example:
  $ npx sunledger doctor
  $ npx sunledger doctor --size`,
    )
    .action(({ size = false }: { size?: boolean }) => (size ? tellItsSize() : tellWhatIsWrong()));
}

async function tellItsSize(): Promise<void> {
  const told = await measureSize(loadConfig(HouseSettings), systemClock());
  for (const line of tellSize(told)) print(line);
}

async function tellWhatIsWrong(): Promise<void> {
  let problems = 0;
  for await (const finding of examine(loadConfig(HouseSettings), systemClock())) {
    const { what, state, seen, advice } = finding;
    print(`${marks[state].padEnd(6)} ${what.padEnd(22)} ${seen}`);
    if (advice) print(`${" ".repeat(30)}To do: ${advice}.`);
    if (state === "wrong") problems += 1;
  }
  print(problems === 0 ? "Nothing is wrong." : `${problems} to mend.`);
  process.exitCode = problems === 0 ? 0 : 1;
}
