import { loadConfig, systemClock } from "@sunledger/runtime";
import { Command } from "commander";
import { examine } from "../doctor/examine.ts";
import { print } from "../print.ts";
import { HouseSettings } from "../settings.ts";

const marks = { well: "ok", wrong: "WRONG", unknown: "?" } as const;

export function doctorCommand(): Command {
  return new Command("doctor")
    .description("check an installation, say what is wrong and what to do about it")
    .addHelpText(
      "after",
      `
Looks at Node, the data folder, ports, PostgreSQL, its tables and row-level security, the running
programs, the broker, the api, and whether the gateways' devices report. Exit code 1 when anything
is wrong. Takes the same settings as "sunledger start".

Example:
  $ npx sunledger doctor`,
    )
    .action(async () => {
      let problems = 0;
      for await (const { what, state, seen, advice } of examine(
        loadConfig(HouseSettings),
        systemClock(),
      )) {
        print(`${marks[state].padEnd(6)} ${what.padEnd(22)} ${seen}`);
        if (advice) print(`${" ".repeat(30)}To do: ${advice}.`);
        if (state === "wrong") problems += 1;
      }
      print(problems === 0 ? "Nothing is wrong." : `${problems} to mend.`);
      process.exitCode = problems === 0 ? 0 : 1;
    });
}
