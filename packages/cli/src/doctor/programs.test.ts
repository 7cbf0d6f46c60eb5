import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkApi } from "./programs.ts";

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
