import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { settingNames } from "../../packages/runtime/src/setting-names.ts";

const root = new URL("../../", import.meta.url);
const unit = readFileSync(new URL("infra/systemd/sunledger-gateway.service", root), "utf8");

describe("the gateway's systemd unit", () => {
  test("starts files that are there", () => {
    const files = [...unit.matchAll(/\/opt\/sunledger\/(\S+\.(?:ts|md))/g)].map(([, file]) => file);

    expect(files).toContain("gateway/src/main.ts");
    for (const file of files) expect(existsSync(new URL(String(file), root)), file).toBe(true);
  });

  test("sets settings that there are", () => {
    const names = unit.match(/SUNLEDGER_\w+/g) ?? [];

    expect(names).toContain("SUNLEDGER_OUTBOX_DIR");
    for (const name of names) expect(settingNames).toContain(name);
  });

  test.each([
    ...["NoNewPrivileges=yes", "CapabilityBoundingSet=", "AmbientCapabilities=", "DynamicUser=yes"],
    ...["ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateMounts=yes"],
    ...[
      "ProtectClock=yes",
      "ProtectControlGroups=yes",
      "ProtectHostname=yes",
      "ProtectProc=invisible",
    ],
    ...["ProtectKernelLogs=yes", "ProtectKernelModules=yes", "ProtectKernelTunables=yes"],
    ...["DevicePolicy=closed", "UMask=0077", "StateDirectoryMode=0700", "CacheDirectoryMode=0700"],
    ...["RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "RestrictNamespaces=yes"],
    ...["RestrictRealtime=yes", "RestrictSUIDSGID=yes", "RemoveIPC=yes", "LockPersonality=yes"],
    ...["SystemCallArchitectures=native", "SystemCallFilter=@system-service"],
    "SystemCallFilter=~@privileged @resources",
  ])("has no more rights than it needs: %s", (line) => {
    expect(unit.split("\n")).toContain(line);
  });

  test("opens serial ports and no other devices", () => {
    const devices = [...unit.matchAll(/^DeviceAllow=(.*)$/gm)].map(([, device]) => device);
    expect(devices).toEqual(["char-ttyUSB rw", "char-ttyACM rw", "char-ttyS rw"]);
  });

  test("hears of its signs of life, and waits for them longer than the grace of its polling", () => {
    expect(unit).toMatch(/^Type=notify$/m);
    expect(unit).toMatch(/^NotifyAccess=all$/m);
    expect(Number(/^WatchdogSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(30);
  });
});
