// @vitest-environment happy-dom
import { cleanup } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { rendered } from "../../kit/testing/rendered.tsx";
import { roomOf } from "../../live/room.ts";
import { deviceStates } from "../../live/standing.ts";
import { inverter, joinedRoom, now } from "../../testing/sample-plant.ts";
import { peersOf } from "./deviation.ts";
import { useInverterName } from "./inverter-name.ts";

afterEach(cleanup);

test.each([
  ["en", "INV-03 −18.0 % against the median, 65.60 kW"],
  ["zh-CN", "INV-03 −18.0 %（与中位数偏差），65.60 kW"],
] as const)("an inverter is named with its value and unit in %s", async (language, name) => {
  expect(await named({ watts: [80_000, 80_000, 65_600], language })).toBe(name);
});

test.each(["en", "zh-CN"] as const)(
  "its name begins with what its cell shows in %s",
  async (language) => {
    const texts = {
      en: ["INV-03 offline", "INV-03 stale"],
      "zh-CN": ["INV-03 离线", "INV-03 过期"],
    };
    const watts = [80_000, 80_000, 65_600];
    const [offline = "", stale = ""] = texts[language];

    expect((await named({ watts, language }))?.indexOf("INV-03 −18.0")).toBe(0);
    expect((await named({ watts, language, state: "offline" }))?.indexOf(offline)).toBe(0);
    expect((await named({ watts, language, state: "stale", age: 43_000 }))?.indexOf(stale)).toBe(0);
  },
);

test("an inverter at night is named with its power", async () => {
  expect(await named({ watts: [400, 400, 400] })).toBe("INV-03 0.400 kW");
});

test.each([
  ["en", "stale", "INV-03 stale: last value 43 s ago, 65.60 kW then"],
  ["en", "asleep", "INV-03 asleep: last value 43 s ago, 65.60 kW then"],
  ["zh-CN", "asleep", "INV-03 休眠：最后数值为 43 秒前，当时 65.60 kW"],
  ["en", "offline", "INV-03 offline since 12:00:00, 65.60 kW then"],
  ["zh-CN", "offline", "INV-03 离线：自 12:00:00 起，当时 65.60 kW"],
] as const)("in %s an inverter that is %s is named with its last value", async (...row) => {
  const [language, state, name] = row;
  const watts = [80_000, 80_000, 65_600];
  expect(await named({ watts, language, state, age: 43_000 })).toBe(name);
});

type Wanted = {
  readonly watts: readonly number[];
  readonly language?: "en" | "zh-CN";
  readonly state?: "stale" | "offline" | "asleep";
  readonly age?: number;
};

/** The name of the last inverter of a row. */
async function named({ watts, language = "en", state, age = 0 }: Wanted) {
  const room = roomOf(joinedRoom({ inverters: watts }));
  const last = `inverter-${watts.length}`;
  if (state === "asleep") room.reach.set(last, { state, since: now });
  if (state === "offline") room.reach.set(last, { state: "unreachable", since: now });
  const moment = { now: now + age, lost: false };
  const devices = watts.map((_, index) => inverter(index + 1));
  const peer = peersOf(devices, room, deviceStates(room, moment), moment).at(-1);
  const Name = () => useInverterName(moment.now, "Asia/Shanghai")(peer as NonNullable<typeof peer>);
  const { container } = await rendered(<Name />, language);
  return container.textContent?.replaceAll("\u2009", " ");
}
