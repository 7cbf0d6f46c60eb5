import { describe, expect, test } from "vitest";
import { accountOf, type StoredPoint } from "./account.ts";
import type { Served } from "./read-ledger.ts";

const start = 1_780_000_020_000;
const seconds = (n: number) => start + n * 1_000;
const power = "dc.power";
const energy = "dc.energy.total";
const all = Array.from({ length: 130 }, (_, n) => n);
const minutes = [0, 60, 120];

/** Every second the power, and on each full minute the energy; both are served by every read. */
const served = new Map<string, Served[]>([
  [power, all.map((n) => answer(seconds(n) + 30, 100 + n))],
  [energy, all.map((n) => answer(seconds(n) + 30, 9_000 + n))],
]);

describe("what is stored and what was served", () => {
  test("agree when every poll is there once with its values", () => {
    expect(accountOf(stored(), served, seconds(200))).toEqual({ compared: 133, findings: [] });
  });

  test("a poll that is not stored is missing", () => {
    const { findings } = accountOf(stored({ powers: without(70) }), served, seconds(200));

    expect(findings).toEqual([{ what: "missing", point: power, at: seconds(70), served: [170] }]);
  });

  test("polls before the first and behind the last stored one are missing", () => {
    const { findings } = accountOf(stored({ powers: all.slice(1, 129) }), served, seconds(200));

    expect(findings).toMatchObject([{ at: seconds(0) }, { at: seconds(129) }]);
  });

  test("a slow point that was due is missing though its registers were read every second", () => {
    const { findings } = accountOf(stored({ energies: [0, 120] }), served, seconds(200));

    expect(findings).toEqual([{ what: "missing", point: energy, at: seconds(60) }]);
  });

  test("an instant in two rows is there twice", () => {
    const { findings } = accountOf(
      stored({ powers: [...all, 7].sort(byNumber) }),
      served,
      seconds(200),
    );

    expect(findings).toEqual([{ what: "twice", point: power, at: seconds(7) }]);
  });

  test("a value that nobody served is invented, another one is changed", () => {
    const lost = new Map([...served, [power, (served.get(power) ?? []).slice(1)]]);
    const invented = accountOf(stored(), lost, seconds(200)).findings;
    const shifted = new Map([...served, [power, all.map((n) => answer(seconds(n) + 30, 0))]]);
    const changed = accountOf(stored(), shifted, seconds(1)).findings;

    expect(invented).toMatchObject([{ what: "invented", at: seconds(0), stored: 100 }]);
    expect(changed).toMatchObject([{ what: "changed", stored: 100, served: [0] }]);
  });

  test("a poll that took longer than a slot is one poll", () => {
    const late = new Map([
      [power, [answer(seconds(0) + 30, 1), answer(seconds(1) + 980, 2), answer(seconds(3) + 5, 3)]],
    ]);
    const rows = [
      [0, 1],
      [1, 2],
      [3, 3],
    ].map(([n = 0, value = 0]) => ({ at: seconds(n), value }));

    expect(accountOf([{ point: power, everyMs: 1_000, values: rows }], late, seconds(9))).toEqual({
      compared: 3,
      findings: [],
    });
  });

  test("the last poll before the instant is judged by answers that came after it", () => {
    const answered = accountOf(stored(), served, seconds(60) + 10);
    const unanswered = accountOf(stored(), new Map(), seconds(1) + 10);
    const unstored = accountOf(stored({ powers: without(60) }), served, seconds(60) + 10);

    expect(answered).toEqual({ compared: 63, findings: [] });
    expect(unanswered.findings).toHaveLength(3);
    expect(unstored.findings).toMatchObject([{ what: "missing", at: seconds(60) }]);
  });

  test("what is flagged and was served is unread", () => {
    const { compared, findings } = accountOf(flagged(), served, seconds(200));

    expect(compared).toBe(3);
    expect(findings).toHaveLength(130);
    expect(findings[7]).toEqual({ what: "unread", point: power, at: seconds(7), served: [107] });
  });

  test.each<[string, Served[]]>([
    ["nothing was served", []],
    ["an answer came late", [answer(seconds(0) + 3_000, 100)]],
    ["the device has no such value", [{ ...answer(seconds(0) + 30, 0), value: null }]],
  ])("what is flagged has to be there, and is not compared, where %s", (_why, answers) => {
    const values = [{ at: seconds(0), value: null, flag: "failed" as const }];
    const device = [{ point: power, everyMs: 1_000, values }];

    expect(accountOf(device, new Map([[power, answers]]), seconds(1))).toEqual({
      ...{ compared: 0, findings: [] },
    });
  });

  test("a value that is doubted is no unread one", () => {
    const [powers, energies] = stored();
    const values = powers?.values.map((one) => ({ ...one, flag: "suspect" })) ?? [];
    const points = [{ ...powers, values }, energies] as StoredPoint[];

    expect(accountOf(points, served, seconds(200))).toEqual({ compared: 133, findings: [] });
  });

  test("a value that is doubted and was not served is changed", () => {
    const values = [{ at: seconds(0), value: 99, flag: "suspect" as const }];
    const device = [{ point: power, everyMs: 1_000, values }];
    const answers = new Map([[power, [answer(seconds(0) + 30, 100)]]]);

    expect(accountOf(device, answers, seconds(1)).findings).toMatchObject([
      { what: "changed", stored: 99, served: [100] },
    ]);
  });
});

/** No power was read in any poll. */
function flagged(): StoredPoint[] {
  const [powers, energies] = stored();
  const values = powers?.values.map((one) => ({ ...one, value: null, flag: "failed" })) ?? [];
  return [{ ...powers, values }, energies] as StoredPoint[];
}

function stored({ powers = all, energies = minutes } = {}): StoredPoint[] {
  const value = (from: number) => (n: number) => ({ at: seconds(n), value: from + n });
  return [
    { point: power, everyMs: 1_000, values: powers.map(value(100)) },
    { point: energy, everyMs: 60_000, values: energies.map(value(9_000)) },
  ];
}

function without(second: number): number[] {
  return all.filter((n) => n !== second);
}

function byNumber(a: number, b: number): number {
  return a - b;
}

function answer(at: number, value: number): Served {
  return { at, instant: at, value };
}
