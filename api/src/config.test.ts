import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { listenOn } from "./config.ts";
import { testApi } from "./testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 60_000 });

const place = {
  SUNLEDGER_HTTP_HOST: "127.0.0.1",
  SUNLEDGER_HTTP_PORT: 8080,
  SUNLEDGER_TRUSTED_PROXIES: [],
};

test("beyond loopback the api does not speak in the clear", () => {
  expect(listenOn(place)).toEqual({
    listen: { host: "127.0.0.1", port: 8080 },
    publicUrl: "http://127.0.0.1:8080",
  });
  expect(() => listenOn({ ...place, SUNLEDGER_HTTP_HOST: "0.0.0.0" })).toThrow(
    /SUNLEDGER_HTTP_TLS_CERT/,
  );
});

test("an IPv6 address stands in brackets in the address people type", () => {
  expect(listenOn({ ...place, SUNLEDGER_HTTP_HOST: "::1" })).toEqual({
    listen: { host: "::1", port: 8080 },
    publicUrl: "http://[::1]:8080",
  });
});

test("with a certificate the api speaks TLS, and its address is https", async () => {
  const { cert, key } = ownCertificate();
  const { listen, publicUrl } = listenOn({
    ...place,
    SUNLEDGER_HTTP_HOST: "0.0.0.0",
    SUNLEDGER_HTTP_TLS_CERT: cert,
    SUNLEDGER_HTTP_TLS_KEY: key,
  });
  expect(publicUrl).toBe("https://0.0.0.0:8080");

  const { app } = await testApi(0, { secure: true, tls: listen.tls });
  onTestFinished(() => app.close());
  const address = await app.listen({ host: "127.0.0.1", port: 0 });

  expect(await answerOf(`${address}/healthz`, readFileSync(cert))).toMatchObject({ status: 200 });
  await expect(fetch(address.replace("https:", "http:"))).rejects.toThrow();
});

function answerOf(url: string, ca: Buffer) {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca }, async (answer) =>
      resolve({ status: answer.statusCode, body: await json(answer) }),
    );
    asked.once("error", reject);
    asked.end();
  });
}

/** Files of a certificate for 127.0.0.1 that vouches for itself, for the length of a test. */
function ownCertificate(): { readonly cert: string; readonly key: string } {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-certificate-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const names = ["-subj", "/CN=sunledger", "-addext", "subjectAltName=IP:127.0.0.1"];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  execFileSync("openssl", ["req", ...kind, ...names, "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  return { cert, key };
}
