import { runService, systemClock } from "@sunledger/runtime";
import { openOutbox } from "../outbox.ts";

// Keeps frames as fast as it can and tells its parent the time of each once it is on disk.
const [folder = "", first = "0"] = process.argv.slice(2);

await runService("keeper", async ({ log }) => {
  const outbox = await openOutbox({ folder, clock: systemClock(), log, groupMs: 2 });

  for (let n = Number(first); process.connected; n += 20) {
    const ats = Array.from({ length: 20 }, (_, i) => 1_780_000_000_000 + n + i);
    await Promise.all(
      ats.map((at) =>
        outbox.keep({ device: "INV-01", lane: "values", at, points: ["a"], values: [n] }),
      ),
    );
    for (const at of ats) process.send?.(at);
  }
});
