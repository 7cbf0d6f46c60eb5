import { expect, test } from "vitest";
import { driveManners, driveOf } from "./drive-manners.ts";

const [central, gateways] = [["_ingest", "_api"], ["roof-1"]];

test("a simulation waits long, and leaves nobody behind but gateways", () => {
  const manners = driveManners({ speed: 600 }, central, gateways);

  expect(manners.mayStayBehind).toEqual(["roof-1"]);
  expect(manners.patienceMs).toBeGreaterThanOrEqual(20_000);
});

test("a demonstration goes on without anybody who stays away longer than it says", () => {
  const manners = driveManners({ speed: 5, patienceMs: 3_000 }, central, gateways);

  expect(manners).toMatchObject({
    patienceMs: 3_000,
    mayStayBehind: ["_ingest", "_api", "roof-1"],
  });
  expect(manners.firstAnswerMs).toBeGreaterThanOrEqual(20_000);
});

test("a drive is said by its speed, a demonstration's by its patience too", () => {
  expect(driveOf(["--speed=600"])).toEqual({ speed: 600 });
  expect(driveOf(["--speed", "5", "--patience", "3"])).toEqual({ speed: 5, patienceMs: 3_000 });
});

test("nobody drives without a speed", () => {
  expect(driveOf([])).toBeUndefined();
});

test.each([
  [["--speed", "0"], "--speed is a number above 0, not 0"],
  [["--speed", "2", "--patience", "soon"], "--patience is a number above 0, not soon"],
  [["--patience", "3"], "--patience is of a drive: it needs --speed"],
  [["--sped", "2"], "use: [--speed N [--patience SECONDS]]"],
])("%j is refused", (args, reason) => {
  expect(() => driveOf(args)).toThrow(reason);
});
