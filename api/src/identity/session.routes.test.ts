import { Problem, Session } from "@sunledger/model";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { type TestApi, testApi, testPassword } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const noon = Date.UTC(2026, 5, 21, 4);
let api: TestApi;

beforeAll(async () => {
  api = await testApi(noon);
  return () => api.app.close();
});

describe("signing in", () => {
  test("answers who and where, and sets a cookie that no script and no other site can use", async () => {
    const answer = await signIn({ email: "OWN@sunledger.example" });

    expect(Session.parse(answer.json())).toMatchObject({
      user: { email: api.own.email, role: "operator", language: null, theme: null },
      organisation: { id: api.own.id, name: "own" },
      server: { time: api.clock.now() },
    });
    expect(String(answer.headers["set-cookie"])).toMatch(/HttpOnly.*SameSite=Lax/i);
  });

  test.each([
    ["a wrong password", { password: "wrong horse battery" }],
    ["an unknown e-mail", { email: "nobody@sunledger.example" }],
    ["a password that nobody may have", { password: "x" }],
  ])("says the same about %s", async (_, given) => {
    const answer = await signIn(given);

    expect(answer.statusCode).toBe(401);
    expect(Problem.parse(answer.json())).toMatchObject({
      code: "identity.wrongCredentials",
      detail: "E-mail or password is wrong",
    });
    expect(answer.headers["set-cookie"]).toBeUndefined();
  });

  test("lists each field that does not fit, and never repeats the password", async () => {
    const answer = await signIn({ email: "no address", password: 15 });

    expect(answer.statusCode).toBe(400);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    const { code, errors } = Problem.parse(answer.json());
    expect(code).toBe("request.invalid");
    expect(errors?.map(({ path }) => path)).toEqual(["body/email", "body/password"]);
  });

  test("stops guessing at one account after ten failures, and says when to come back", async () => {
    const email = "other@sunledger.example";
    const guesses = Array.from({ length: 10 }, () => signIn({ email, password: "a bad guess" }));
    await Promise.all(guesses);

    const answer = await signIn({ email });
    expect(answer.statusCode).toBe(429);
    expect(answer.json()).toMatchObject({ code: "identity.tooManyAttempts" });
    expect(answer.headers["retry-after"]).toBe("900");

    await api.clock.advance(api.clock.now() + 15 * 60_000 + 1);
    expect((await signIn({ email })).statusCode).toBe(200);
  });

  test("does not lock an account for who comes from another address", async () => {
    const email = "other@sunledger.example";
    const from = (remoteAddress: string, password: string) =>
      api.app.inject({
        ...{ method: "POST", url: "/api/v1/session", remoteAddress },
        payload: { email, password },
      });
    await Promise.all(Array.from({ length: 10 }, () => from("192.0.2.1", "a bad guess")));

    expect((await from("192.0.2.1", testPassword)).statusCode).toBe(429);
    expect((await from("192.0.2.2", testPassword)).statusCode).toBe(200);
  });

  test("goes by the peer's address, whatever a forged header says", async () => {
    const from = guesserAt(api.app, "198.51.100.7");
    await Promise.all(Array.from({ length: 10 }, (_, i) => from(`192.0.2.${i}`, "a bad guess")));

    expect((await from("192.0.2.99", testPassword)).statusCode).toBe(429);
  });

  test("goes by what a trusted proxy says, and not by what was told to it", async () => {
    const behind = await testApi(noon, { trustedProxies: ["127.0.0.1", "10.0.0.0/8"] });
    const from = guesserAt(behind.app, "10.1.2.3");
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => from(`192.0.2.${i}, 203.0.113.5`, "a bad guess")),
    );

    expect((await from("203.0.113.5", testPassword)).statusCode).toBe(429);
    expect((await from("203.0.113.6", testPassword)).statusCode).toBe(200);
    expect((await guesserAt(behind.app, "172.16.0.1")("203.0.113.5", "x")).statusCode).toBe(401);
    await behind.app.close();
  });

  test("stops guessing at one account from many addresses", async () => {
    const email = "many@sunledger.example";
    const from = (remoteAddress: string) =>
      api.app.inject({
        ...{ method: "POST", url: "/api/v1/session", remoteAddress },
        payload: { email, password: "x" },
      });
    for (let i = 0; i < 100; i += 1) await from(`192.0.2.${i}`);

    expect((await from("198.51.100.1")).statusCode).toBe(429);
    await api.clock.advance(api.clock.now() + 60 * 60_000 + 1);
    expect((await from("198.51.100.1")).statusCode).toBe(401);
  });

  test("refuses another site's page", async () => {
    const evil = await signIn({}, { origin: "https://evil.example" });
    const own = await signIn({}, { origin: "http://localhost:80", host: "localhost" });

    expect(evil.json()).toMatchObject({ status: 403, code: "request.crossOrigin" });
    expect(own.statusCode).toBe(200);
  });
});

describe("a session", () => {
  test("is needed for everything but signing in", async () => {
    const { status, body } = await api.get("/api/v1/plants");

    expect(status).toBe(401);
    expect(body).toMatchObject({ code: "identity.notSignedIn" });
  });

  test("keeps what the user prefers, and nothing for what was never chosen", async () => {
    const cookie = await api.cookie(api.own);
    const changed = await api.app.inject({
      ...{ method: "PATCH", url: "/api/v1/session/preferences", headers: { cookie } },
      payload: { language: "zh-CN" },
    });

    expect(changed.json()).toMatchObject({ user: { language: "zh-CN", theme: null } });
    const { body } = await api.get("/api/v1/session", cookie);
    expect(body).toMatchObject({ user: { language: "zh-CN", theme: null } });
  });

  test("ends with signing out, also for who has kept the cookie", async () => {
    const cookie = await api.cookie(api.own);
    const answer = await api.app.inject({
      ...{ method: "DELETE", url: "/api/v1/session", headers: { cookie } },
    });

    expect([answer.statusCode, answer.body]).toEqual([204, ""]);
    expect((await api.get("/api/v1/plants", cookie)).status).toBe(401);
    expect(await api.get("/api/v1/session", cookie)).toMatchObject({ status: 200, body: null });
  });

  test("may be asked for by anybody: who is not signed in is told so without a failure", async () => {
    const answer = await api.app.inject({ method: "GET", url: "/api/v1/session" });

    expect([answer.statusCode, answer.body]).toEqual([200, "null"]);
    expect(answer.headers["content-type"]).toContain("application/json");
  });

  test("of a user without an organisation is none", async () => {
    const lost = await testApi(noon, {});
    lost.records.membership = async () => undefined;
    const answer = await lost.app.inject({
      ...{ method: "POST", url: "/api/v1/session" },
      payload: { email: lost.own.email, password: testPassword },
    });

    expect(answer.json()).toMatchObject({ status: 401, code: "identity.wrongCredentials" });
    await lost.app.close();
  });
});

/** Who signs in from behind that peer, by what `X-Forwarded-For` says. */
function guesserAt(app: TestApi["app"], remoteAddress: string) {
  return (forwarded: string, password: string) =>
    app.inject({
      ...{ method: "POST", url: "/api/v1/session", remoteAddress },
      headers: { "x-forwarded-for": forwarded },
      payload: { email: "own@sunledger.example", password },
    });
}

function signIn(given: object, headers: Record<string, string> = {}) {
  const payload = { email: api.own.email, password: testPassword, ...given };
  return api.app.inject({ method: "POST", url: "/api/v1/session", payload, headers });
}
