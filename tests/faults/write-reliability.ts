import { reliabilityOrder, usage } from "./reliability-order.ts";
import { runListed } from "./run-listed.ts";
import { writePage } from "./write-page.ts";

/** Runs the tests that the table names, keeps what came of them, and writes the page. */
const order = reliabilityOrder(process.argv.slice(2));
if ("wrong" in order) {
  process.stdout.write(`${order.wrong}\n\n${usage}\n`);
  process.exitCode = 2;
} else {
  const failed = await runListed(order.files);
  writePage();
  if (failed > 0) {
    process.stdout.write(`${failed} tests failed\n`);
    process.exitCode = 1;
  }
}
