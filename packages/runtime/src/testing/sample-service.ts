import { runService } from "../service.ts";

// A service for the test beside: says on standard output what is undone, in order.
await runService("sample", async (scope) => {
  const beat = setInterval(() => {}, 1_000);
  scope.onStop("first", () => {
    clearInterval(beat);
    process.stdout.write("undone first\n");
  });
  if (process.env.SAMPLE_LATE) {
    setTimeout(() => {
      const late = setInterval(() => {}, 1_000);
      scope.onStop("late", () => {
        clearInterval(late);
        process.stdout.write("undone late\n");
      });
    }, 50);
    throw new Error("cut short while a part is still being opened");
  }
  if (process.env.SAMPLE_FAILS) throw new Error("the second part is missing");
  scope.onStop("second", () => {
    process.stdout.write("undone second\n");
  });
});
