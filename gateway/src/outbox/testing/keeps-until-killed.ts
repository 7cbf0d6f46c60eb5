import { runService, systemClock } from "@sunledger/runtime";
import { openOutbox } from "../outbox.ts";
import { frameOfNumber } from "./frame-of-number.ts";

// Keeps numbered frames as fast as it can and tells its parent which are on disk, once they are.
const [folder = "", first = "0"] = process.argv.slice(2);
const together = 20;

await runService("keeper", async ({ log }) => {
  process.send?.("opening");
  const outbox = await openOutbox({ folder, clock: systemClock(), log, groupMs: 2 });

  for (let n = Number(first); process.connected; n += together) {
    const numbers = Array.from({ length: together }, (_, i) => n + i);
    await Promise.all(numbers.map((number) => outbox.keep(frameOfNumber(number))));
    process.send?.(numbers);
  }
});
