import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { PlainError } from "../plain-error.ts";
import { dataFolder } from "./data-folder.ts";
import { requireOwnHouse } from "./house-owner.ts";

const root = 0;
const stranger = 54_321;

// Nobody else can give a file away.
const asRoot = test.runIf(process.getuid?.() === root);

asRoot("root is sent to the account whose house it is, in one sentence that says how", () => {
  const folder = houseOf(stranger);

  expect(() => requireOwnHouse(folder)).toThrow(PlainError);
  expect(() => requireOwnHouse(folder)).toThrow(
    `The data folder ${folder.path} is of the account ${stranger}: run this as that account ` +
      `("sudo -u '#${stranger}' npx sunledger …"), or hand it over first ("chown -R root ${folder.path}").`,
  );
});

asRoot("root's own house is root's, be it in a folder that another account has lent", () => {
  const folder = houseOf(root);
  chownSync(folder.path, stranger, stranger);

  expect(() => requireOwnHouse(folder)).not.toThrow();
});

asRoot("a folder without a house is nobody's", () => {
  const folder = houseOf(root);
  rmSync(join(folder.path, "secrets.json"));
  chownSync(folder.path, stranger, stranger);

  expect(() => requireOwnHouse(folder)).not.toThrow();
});

asRoot("an account that is not root is left to the permissions of the files", () => {
  expect(() => requireOwnHouse(houseOf(stranger), 1_000)).not.toThrow();
});

function houseOf(uid: number) {
  const path = mkdtempSync(join(tmpdir(), "sunledger-owner-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  mkdirSync(join(path, "postgres"));
  writeFileSync(join(path, "secrets.json"), "{}");
  for (const place of [path, join(path, "secrets.json")]) chownSync(place, uid, uid);
  return dataFolder(path);
}
