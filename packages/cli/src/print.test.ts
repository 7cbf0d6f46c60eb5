import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

test("a reader who has seen enough does not end the work, nor is anything said of it", async () => {
  const program = `
    import { setTimeout as wait } from "node:timers/promises";
    import { print, printError } from ${JSON.stringify(import.meta.resolve("./print.ts"))};
    for (let line = 0; line < 20; line += 1) {
      print("a finding");
      await wait(20);
    }
    printError("done");
    process.exitCode = 3;
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program]);
  const said = text(child.stderr);

  await once(child.stdout, "data");
  child.stdout.destroy();
  const [code] = await once(child, "exit");

  expect([code, await said]).toEqual([3, "done\n"]);
});
