import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "check-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a bad profile does not hide what is wrong with the file", async () => {
  writeFileSync(join(folder, "draft.json"), '{ "format": 1, "id": "draft", "points": [] }');
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, "id: roof-17\nplaice: {}\ndevices: []\n");

  const { code, told } = await checked(file);

  expect(code).toBe(1);
  expect(told).toMatch(/^draft\.json: limits: /m);
  expect(told).toMatch(/yaml:2:1 plaice: there is no such key/);
});

function checked(file: string): Promise<{ readonly code: unknown; readonly told: string }> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const env = { ...process.env, SUNLEDGER_PROFILE_DIR: folder };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, "--config", file], { env }, (error, _, told) => {
      resolve({ code: error?.code, told });
    });
  });
}
