import { runJob } from "../service.ts";

/** A job for the tests: its first argument is what it fails with, if anything. */
await runJob("sample", async ({ log }) => {
  log.info({ step: 1 }, "at work");
  const [reason] = process.argv.slice(2);
  if (reason) throw new Error(reason);
});
