import { type ConfigurationState, ConfigurationVersions } from "@sunledger/model";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { administratorOf } from "../testing/administrator.ts";
import { type TestApi, testApi } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

type Pushed = NonNullable<ConfigurationState["pushed"]>;

const noon = Date.UTC(2026, 5, 21, 4);
const base = "/api/v1/gateways/own-gw/configurations";
const ran = { devices: [{ tag: "INV-01", url: "tcp://10.0.0.1", profile: "sunspec" }] };
const vain = { devices: [{ ...ran.devices[0], profile: "unknown" }] };

let api: TestApi;
let cookie: string;

beforeEach(async () => {
  api = await testApi(noon);
  cookie = await administratorOf(api);
});
afterEach(() => api.app.close());

test.each(["refused", "rolledBack"] as const)(
  "what a gateway has lost is made again as its next version where the newest was %s",
  async (state) => {
    await putAndHear(1, ran, "applied");
    await putAndHear(2, vain, state);

    await hear({ source: "file" });

    expect(sent()).toEqual([
      ...[
        { version: 1, document: ran },
        { version: 2, document: vain },
      ],
      { version: 3, document: ran },
    ]);
    expect((await versions())[0]).toMatchObject({ version: 3, again: 1, state: "sent", note: "" });
    // The broker still retains the newest: what the gateway makes of that changes nothing.
    await hear({ source: "file", pushed: pushed(2, state) });
    expect(sent()).toHaveLength(3);
    await hear({ source: "platform", version: 3, pushed: pushed(3, "applied") });
    expect((await versions())[0]).toMatchObject({ version: 3, again: 1, state: "applied" });
  },
);

test("what the gateway would refuse once more is not sent again", async () => {
  await putAndHear(1, vain, "refused");
  await api.clock.advance(noon + 31_000);
  await hear({ source: "file" });

  expect(sent()).toHaveLength(1);
});

test("what the gateway will not have any more is made again once", async () => {
  await putAndHear(1, ran, "applied");
  await putAndHear(2, vain, "refused");
  await hear({ source: "file", pushed: pushed(2, "refused") });
  await hear({ source: "file", pushed: pushed(3, "refused") });
  await putAndHear(4, vain, "refused");
  await hear({ source: "file" });

  expect(sent().map(({ version }) => version)).toEqual([1, 2, 3, 4]);
});

test.each<[string, () => Promise<void>, ConfigurationState]>([
  [
    "runs it still",
    async () => {},
    { source: "platform", version: 1, pushed: pushed(2, "refused") },
  ],
  [
    "left it, since it no longer goes with its file",
    () => hear({ source: "file", pushed: pushed(1, "refused") }),
    { source: "file", pushed: pushed(2, "refused") },
  ],
])("nothing is made again for a gateway that %s", async (_, before, said) => {
  await putAndHear(1, ran, "applied");
  await before();
  await putAndHear(2, vain, "refused");
  await hear(said);

  expect(sent()).toHaveLength(2);
});

test("nothing is made again for a gateway whose file was given the word", async () => {
  await putAndHear(1, ran, "applied");
  await put(2, null);
  await hear({ source: "file", pushed: pushed(2, "applied") });
  await put(3, vain);
  await hear({ source: "file", pushed: pushed(3, "refused") });

  expect(sent()).toHaveLength(3);
});

function pushed(version: number, state: Pushed["state"]): Pushed {
  return { version, state, at: noon };
}

async function putAndHear(version: number, document: object, state: Pushed["state"]) {
  await put(version, document);
  const isVain = state !== "applied";
  const running = isVain ? version - 1 : version;
  const source = running > 0 ? { source: "platform" as const, version: running } : fromFile;
  await hear({ ...source, pushed: pushed(version, state) });
}

const fromFile = { source: "file" as const };

async function put(version: number, document: object | null) {
  const url = `${base}/${version}`;
  const made = await api.app.inject({
    ...{ method: "PUT", url, headers: { cookie } },
    payload: { document },
  });
  expect(made.statusCode).toBe(201);
}

function hear(configuration: ConfigurationState) {
  const status = { v: 1, state: "online", at: noon, configuration } as const;
  return api.configurationDesk.heard("own-gw", status);
}

async function versions() {
  return ConfigurationVersions.parse((await api.get(base, cookie)).body).versions;
}

function sent() {
  return api.sent.flatMap(({ message }) =>
    "document" in message ? [{ version: message.version, document: message.document }] : [],
  );
}
