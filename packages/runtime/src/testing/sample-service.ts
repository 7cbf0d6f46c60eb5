import { runService } from "../service.ts";

// A service for the test beside: says on standard output what is undone, in order.
await runService("sample", async (scope) => {
  const beat = setInterval(() => {}, 1_000);
  scope.onStop("first", () => {
    clearInterval(beat);
    process.stdout.write("undone first\n");
  });
  if (process.env.SAMPLE_FAILS) throw new Error("the second part is missing");
  scope.onStop("second", () => {
    process.stdout.write("undone second\n");
  });
});
