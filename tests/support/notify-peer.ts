import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export type NotifyPeer = {
  /** For `NOTIFY_SOCKET`. */
  readonly socket: string;
  /** What was said to it, in order. */
  readonly states: readonly string[];
  close(): Promise<void>;
};

/** Node knows no datagrams on a UNIX socket, Python does; the sender is systemd's own program. */
const script = `
import socket, sys, threading
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
print("bound", flush=True)
def listen():
    while True:
        for line in listener.recv(4096).decode().splitlines():
            print(line, flush=True)
threading.Thread(target=listen, daemon=True).start()
sys.stdin.read()
`;

/** Whether this machine has what the peer is made of and who speaks to it. */
export const hasNotify =
  spawnSync("python3", ["-c", ""]).status === 0 &&
  spawnSync("systemd-notify", ["--version"]).status === 0;

/** A service manager's socket, as systemd opens one for a service of `Type=notify`. */
export async function notifyPeer(): Promise<NotifyPeer> {
  if (!hasNotify) throw new Error("python3 or systemd-notify is missing: apt-get install systemd");
  const folder = mkdtempSync(join(tmpdir(), "sunledger-notify-"));
  const socket = join(folder, "notify");
  const listener = spawn("python3", ["-c", script, socket], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const states: string[] = [];
  const lines = createInterface(listener.stdout);
  await once(lines, "line");
  // What a sender adds to find out that it was heard is none of the service's states.
  lines.on("line", (line) => void (line.startsWith("BARRIER=") || states.push(line)));
  return {
    socket,
    states,
    async close() {
      const ended = once(listener, "exit");
      listener.stdin.end();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
