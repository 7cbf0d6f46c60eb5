import { isServerOf } from "./processes.ts";

// A process of its own beside the server: its standard input is a pipe that closes when the program
// that started the server dies, however it dies. Then the server gets the signal of a fast shutdown.
const [pid = "", data = ""] = process.argv.slice(2);

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

let released = false;
process.stdin.on("data", () => {
  released = true; // the program stops the server itself
});
process.stdin.on("close", () => void stopServer());

async function stopServer(): Promise<void> {
  if (!released && (await isServerOf(Number(pid), data))) process.kill(Number(pid), "SIGINT");
  process.exit();
}
