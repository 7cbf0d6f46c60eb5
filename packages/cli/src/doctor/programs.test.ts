import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkApi, checkBroker, checkPrograms } from "./programs.ts";

const ready: RequestListener = (_request, answer) => void answer.end("{}");

test("an api that is ready is well, in the clear and under a certificate for another name", async () => {
  const plain = await portOf(createServer(ready));
  const secured = await portOf(createTlsServer(certificate("DNS:sun.example"), ready));

  expect(await checkApi(`http://127.0.0.1:${plain}`, undefined)).toMatchObject({ state: "well" });
  expect(await checkApi(`https://127.0.0.1:${secured}`, undefined)).toMatchObject({
    state: "well",
  });
});

test("an api that is not ready is wrong with what it says", async () => {
  const port = await portOf(
    createServer((_request, answer) => void answer.writeHead(503).end("no database")),
  );

  expect(await checkApi(`http://127.0.0.1:${port}`, undefined)).toMatchObject({
    state: "wrong",
    seen: expect.stringContaining("says 503: no database"),
  });
});

test.runIf(hasIpv6())("a broker that listens on an IPv6 address is found there", async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "::1", resolve));
  const { port } = server.address() as AddressInfo;

  expect(await checkBroker(`mqtt://[::1]:${port}`)).toMatchObject({ state: "well" });
});

function hasIpv6(): boolean {
  const all = Object.values(networkInterfaces()).flat();
  return all.some((one) => one?.address === "::1");
}

test("a program that does not run is wrong, and the log to read is the one that it writes", () => {
  const waiting = { state: "waiting", restarts: 2 } as const;
  const programs = [
    { name: "ingest", ...waiting },
    { name: "postgres", log: "/data/postgres/postgres.log", ...waiting },
  ];

  expect(checkPrograms({ programs }, "/data/logs", undefined, 0)).toMatchObject([
    { what: "ingest", advice: "read the end of /data/logs/ingest.log" },
    { what: "postgres", advice: "read the end of /data/postgres/postgres.log" },
  ]);
});

test("of a program that runs its newest error is told, while it is news", () => {
  const logs = mkdtempSync(join(tmpdir(), "sunledger-logs-"));
  onTestFinished(() => rmSync(logs, { recursive: true }));
  const msg = "outbox cannot be kept within its room";
  const events = [
    { level: 50, time: 1_000, msg: "an older one", trouble: "none" },
    { level: 50, time: 5_000, msg, trouble: "database or disk is full" },
    { level: 30, time: 6_000, msg: "goes on" },
  ];
  writeFileSync(join(logs, "gw.log"), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  const programs = [{ name: "gw", state: "running", restarts: 0 } as const];

  expect(checkPrograms({ programs }, logs, undefined, 65_000)).toMatchObject([
    { what: "gw", state: "well" },
    {
      what: "gw",
      state: "unknown",
      seen: "its log said 60 s ago: outbox cannot be kept within its room: database or disk is full",
    },
  ]);
  expect(checkPrograms({ programs }, logs, undefined, 3_600_000)).toMatchObject([
    { what: "gw", state: "well" },
  ]);
});

async function portOf(server: Server): Promise<number> {
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function certificate(name: string) {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-certificate-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const names = ["-subj", "/CN=sunledger", "-addext", `subjectAltName=${name}`];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  execFileSync("openssl", ["req", ...kind, ...names, "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  return { cert: readFileSync(cert), key: readFileSync(key) };
}
