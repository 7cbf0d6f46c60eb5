import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "@sunledger/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadProfiles } from "../profiles/load-profiles.ts";
import { loadSunspecModels, sunspecPointNames } from "../sunspec/models.ts";
import { readGatewayConfig } from "./read-gateway-config.ts";

const profiles = loadProfiles({ sunspec: sunspecPointNames(loadSunspecModels()) });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a gateway's file", () => {
  test("needs no more than its id and devices", () => {
    const config = read(`
      id: roof-17
      devices:
        - { tag: INV-01, url: "tcp://127.0.0.1:502?unit=1", profile: sunspec }
    `);

    expect(config).toMatchObject({
      id: "roof-17",
      poll: { fastMs: 1_000, normalMs: 10_000, slowMs: 60_000 },
      linger: { idleMs: 10_000, watchedMs: 100 },
      outbox: { mostMb: 256 },
    });
  });

  test("names every problem at once, where it is and what to do", () => {
    const problems = problemsOf(`id: "_roof"
poll: { fastMs: 1050 }
pol: {}
devices:
  - { tag: INV-01, url: "http://127.0.0.1", profile: sunspec }
  - tag: INV-02
    url: "tcp://127.0.0.1:502?unit=1"
    profile: sunspek
  - { tagg: INV-03, url: "tcp://127.0.0.1:502?unit=3", profile: solaredge }
`).split("\n");

    expect(problems.map((line) => line.replace(`${folder}/`, ""))).toEqual([
      expect.stringMatching(/^gateway.yaml:1:5 id: .* – The gateway's name .*64 letters/),
      expect.stringMatching(/^gateway.yaml:2:17 poll.fastMs: .*multiple of 100/),
      "gateway.yaml:3:1 pol: there is no such key – did you mean poll?",
      expect.stringMatching(/^gateway.yaml:5:25 devices\[0\].url: is not tcp:/),
      "gateway.yaml:8:14 devices[1].profile: there is no profile sunspek – did you mean sunspec?",
      expect.stringMatching(/^gateway.yaml:9:5 devices\[2\].tag: is missing – /),
      "gateway.yaml:9:7 devices[2].tagg: there is no such key – did you mean tag?",
    ]);
  });

  test("names proxies that cannot listen where they should", () => {
    const device = (unit: number, listen: string) =>
      `  - { tag: INV-0${unit}, url: "tcp://127.0.0.1:502?unit=${unit}", profile: sunspec, proxy: { listen: "${listen}" } }`;
    const places = ["127.0.0.1:1502", "[::1]:1502", "127.0.0.1:1502", "1502", "127.0.0.1:70000"];
    const problems = problemsOf(
      `id: roof-17\ndevices:\n${places.map((place, i) => device(i + 1, place)).join("\n")}\n`,
    ).split("\n");

    expect(problems.map((line) => line.replace(`${folder}/`, ""))).toEqual([
      expect.stringMatching(
        /^gateway.yaml:5:.* devices\[2\].proxy.listen: the proxy of devices\[0\] listens at 127.0.0.1:1502 already – /,
      ),
      expect.stringMatching(/^gateway.yaml:6:.* devices\[3\].proxy.listen: is not host:port/),
      expect.stringMatching(/^gateway.yaml:7:.* devices\[4\].proxy.listen: is not host:port/),
    ]);
  });

  test("names the known profiles where none is near", () => {
    expect(problemsOf(devicesText({ profile: "zzzzzzzz" }))).toMatch(
      /– there are acrel.*tuf-2000m/,
    );
  });

  test("names a device once", () => {
    expect(problemsOf(devicesText({}, { url: "tcp://10.0.0.1?unit=2" }))).toMatch(
      /yaml:4:\d+ devices\[1\]\.tag: INV-01 is named twice: devices\[0\] has that tag/,
    );
  });

  test("knows which devices have a serial line, and how fast theirs can be", () => {
    const url = "serial:///dev/ttyUSB0?baud=57600";

    expect(problemsOf(devicesText({ url, profile: "fronius" }))).toMatch(
      /url: fronius is a device of Modbus TCP, without a serial line – give its address as tcp:/,
    );
    expect(problemsOf(devicesText({ url, profile: "eastron-sdm630" }))).toMatch(
      /url: eastron-sdm630 does not speak 57600 baud, but 1200, 2400,/,
    );
    expect(problemsOf(devicesText({ url: "rtu+tcp://10.0.0.9", profile: "fronius" }))).toMatch(
      /without a serial line/,
    );
    read(devicesText({ url: "serial:///dev/ttyUSB0?baud=19200", profile: "eastron-sdm630" }));
    read(devicesText({ url: "tcp://10.0.0.9", profile: "eastron-sdm630" }));
  });

  test("keeps one setting of a serial port", () => {
    const twice = devicesText(
      { tag: "M-01", url: "serial:///dev/ttyUSB0?unit=1" },
      { tag: "M-02", url: "serial:///dev/ttyUSB0?unit=2&parity=even" },
    );

    expect(problemsOf(twice)).toMatch(
      /devices\[1\].url: \/dev\/ttyUSB0 is .*parity=even.*here, and .*parity=none.* at devices\[0\]/,
    );
  });

  test("reads a device once, however its address is written", () => {
    const twice = devicesText(
      { tag: "INV-01", url: "tcp://plant.example:502?unit=1" },
      { tag: "INV-02", url: "tcp://Plant.example" },
    );
    expect(problemsOf(twice)).toMatch(
      /devices\[1\]\.url: devices\[0\] is at plant\.example:502 unit 1 already/,
    );

    const chain = devicesText(
      { tag: "INV-01", url: "tcp://plant.example" },
      { tag: "METER-01", url: "tcp://plant.example?device=2" },
    );
    expect(read(chain).devices).toHaveLength(2);
  });

  test("has a device, or a network in which one may be found", () => {
    expect(problemsOf("id: roof-17\ndevices: []\n")).toMatch(/devices: names no device – name one/);
    expect(problemsOf("id: roof-17\nonboarding: true\ndevices: []\n")).toMatch(/no device/);
    const onboarding = "onboarding: { networks: [192.168.1.0/24] }";
    expect(read(`id: roof-17\n${onboarding}\ndevices: []\n`).devices).toEqual([]);
  });

  test("has no interval that none of its devices stands", () => {
    const sungrow = { tag: "INV-01", url: "tcp://10.0.0.1", profile: "sungrow-sg" };
    const other = { tag: "INV-02", url: "tcp://10.0.0.2", profile: "sunspec" };
    const hasty = "poll: { fastMs: 500 }\n";

    expect(problemsOf(hasty + devicesText(sungrow))).toMatch(
      /yaml:1:17 poll\.fastMs: 500 ms is less than .* – give 1000 or more/,
    );
    expect(read(hasty + devicesText(sungrow, other)).poll.fastMs).toBe(500);
  });

  test("names no ratio, point or set-point that there is none of", () => {
    const problems = problemsOf(`id: roof-17
commands:
  allow:
    - { device: NONE, point: setpoint.activePower.percent }
    - { device: INV-01, point: setpoint.activePower.percemt, min: 90, max: 10 }
    - { device: METER-01, point: setpoint.activePower.percent }
devices:
  - { tag: INV-01, url: "tcp://10.0.0.1", profile: sunspec, points: { include: [ac.power.activ] } }
  - { tag: METER-01, url: "tcp://10.0.0.2", profile: chint-dtsu666, ratios: { ct: 40 } }
`);

    expect(problems.split("\n")).toEqual([
      expect.stringMatching(/:4:\d+ commands.allow\[0\].device: there is no device NONE/),
      expect.stringMatching(
        /:5:\d+ commands.allow\[1\].point: .* did you mean setpoint.activePower.percent/,
      ),
      expect.stringMatching(/:5:\d+ commands.allow\[1\].min: 90 is more than max, 10/),
      expect.stringMatching(/:6:\d+ commands.allow\[2\].point: METER-01 has no set-point/),
      expect.stringMatching(
        /:8:\d+ devices\[0\].points.include\[0\]: .* did you mean ac.power.active/,
      ),
      expect.stringMatching(/:9:\d+ devices\[1\].ratios.ct: .* there are ratio/),
    ]);
  });

  test("takes names of a row's further places and of what any rest stands for", () => {
    const content = `id: roof-17
commands: { allow: [{ device: "*", point: "setpoint.*" }] }
devices:
  - { tag: INV-01, url: "tcp://10.0.0.1", profile: sunspec, points: { include: [dc.mppt.27.voltage, "ac.*"] } }
  - { tag: METER-01, url: "tcp://10.0.0.2", profile: chint-dtsu666, ratios: { ratio.ct: 40 } }
`;
    expect(read(content).devices).toHaveLength(2);
  });

  test("follows the places of what is written by reference", () => {
    const text = `id: roof-17
devices:
  - &one { tag: INV-01, url: "tcp://10.0.0.1", profile: none-such }
  - *one
`;
    expect(problemsOf(text)).toMatch(/yaml:3:57 devices\[1\]\.profile/);
  });

  test("says so when it is no YAML, or not there", () => {
    expect(problemsOf("id: [")).toContain("gateway.yaml");
    expect(() => readGatewayConfig(join(folder, "none.yaml"), profiles)).toThrow(ConfigError);
    expect(problemsOf("")).toContain("gateway.yaml:1:1 the file: ");
    expect(problemsOf("id: a\nid: b\nplace: {a: }}\n")).toMatch(/yaml:2:1 .*unique.*\n.*yaml:3:/);
  });
});

function devicesText(...devices: readonly Record<string, string>[]): string {
  const usual = { tag: "INV-01", url: "tcp://10.0.0.1?unit=1", profile: "sunspec" };
  const lines = devices.map((device) => `  - ${JSON.stringify({ ...usual, ...device })}`);
  return ["id: roof-17", "devices:", ...lines, ""].join("\n");
}

function read(text: string) {
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, text);
  return readGatewayConfig(file, profiles);
}

function problemsOf(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  throw new Error("the file was taken");
}
