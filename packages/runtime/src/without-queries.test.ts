import { describe, expect, test } from "vitest";
import { openLog } from "./log.ts";

const secret = "a secret parameter";

describe("a log", () => {
  test.each([
    ["a failed query", failedQuery()],
    ["its wrapper", new Error("could not sign in", { cause: failedQuery() })],
    ["a wrapper of that", new Error("no", { cause: new Error("nor", { cause: failedQuery() }) })],
    ["one of several", new AggregateError([new Error("other"), failedQuery()], "all failed")],
    ["what quotes it", new Error(`tried: ${failedQuery().message}`, { cause: failedQuery() })],
    ["a wrapper with a body", Object.assign(new Error("no"), { body: bodyOf(failedQuery()) })],
    ["one without a cause", failedQuery(null)],
  ])("tells of %s neither statement nor parameters", (_, error) => {
    expect(logged(error)).not.toContain(secret);
    expect(logged(error)).not.toContain("select");
  });

  test("tells what the wrapper tried, and of what the query failed", () => {
    const wrapper = Object.assign(new TypeError("could not sign in", { cause: failedQuery() }), {
      code: "FAILED",
    });

    const { err } = JSON.parse(logged(wrapper));

    expect(err).toMatchObject({
      ...{ type: "TypeError", code: "FAILED" },
      message: "could not sign in: connect ECONNREFUSED",
    });
    expect(err.stack).toMatch(
      /TypeError: could not sign in\n +at [\s\S]*caused by: .*ECONNREFUSED/,
    );
  });

  test("tells every field of an error without a query, and bears a circle", () => {
    const error = Object.assign(new Error("no"), { path: "/dev/ttyUSB0", self: {} });
    error.self = error;

    expect(JSON.parse(logged(error)).err).toMatchObject({ message: "no", path: "/dev/ttyUSB0" });
    expect(JSON.parse(logged("no error")).err).toBe("no error");
  });
});

/** As Drizzle makes it. */
function failedQuery(cause: Error | null = new Error("connect ECONNREFUSED")): Error {
  const query = "select * from session where token = $1";
  const message = `Failed query: ${query}\nparams: ${secret}`;
  return Object.assign(new Error(message, { cause }), { query, params: [secret] });
}

/** As better-auth makes it: hidden, and yet found by who looks for a cause. */
function bodyOf(cause: Error): object {
  return Object.defineProperty({ message: "no" }, "cause", { value: cause });
}

function logged(err: unknown): string {
  const lines: string[] = [];
  openLog("test", "json", (line) => lines.push(line)).error({ err }, "failed");
  return lines.join();
}
