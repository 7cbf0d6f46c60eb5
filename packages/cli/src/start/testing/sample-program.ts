/** A program for the supervisor's tests: behaves as its argument says. */
const [manner] = process.argv.slice(2);

process.once("disconnect", () => process.exit(0));
if (manner === "crash") {
  process.stderr.write("Error: no sun\n");
  process.exit(3);
}
if (manner === "abort") {
  process.stderr.write("Error: no sun\n");
  process.kill(process.pid, "SIGABRT");
}
if (manner === "finish") process.exit(0);
if (manner === "complain" || manner === "leave") process.stderr.write("Error: a cloud\n");
if (manner === "leave") process.exit(0);
process.send?.("started");
setInterval(() => {}, 60_000);
