import { expect, test } from "vitest";
import { profileFolder } from "./profile-folder.ts";

test("a scan and a check read the folder of further profiles as the gateway does: named, or not at all", () => {
  expect(profileFolder({})).toEqual({});
  expect(profileFolder({ SUNLEDGER_PROFILE_DIR: "/etc/profiles" })).toEqual({
    folder: "/etc/profiles",
  });
  expect(() => profileFolder({ SUNLEDGER_PROFILE_DIR: "" })).toThrow(
    "SUNLEDGER_PROFILE_DIR is empty: give it a value or take it away",
  );
});
