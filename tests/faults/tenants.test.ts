import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { sampleAnnouncement } from "../../api/src/testing/sample-plants.ts";
import {
  type TestApi,
  type TestOrganisation,
  testApi,
  testPassword,
} from "../../api/src/testing/test-api.ts";
import { sampleOf } from "../support/sample-of-schema.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const noon = Date.UTC(2026, 5, 21, 4);
const setPoint = "setpoint.activePower.percent";
/** What the reads of a span want to be told. */
const span = `from=${new Date(noon - 3_600_000).toISOString()}&to=${new Date(noon).toISOString()}`;
const queries: Readonly<Record<string, string>> = {
  curve: `${span}&width=100`,
  history: `${span}&width=100&points=ac.power.active`,
  changes: "since=1",
};
const noteOf = (organisation: string) => `a note for ${organisation} alone`;
/** What a path names that is everybody's. */
const common: Readonly<Record<string, string>> = { profile: "sunspec", version: "1" };
/** Bodies that the schemas alone do not give. */
const bodies: Readonly<Record<string, object>> = {
  "put /api/v1/gateways/{gateway}/configurations/{version}": { document: { devices: [] } },
  "post /api/v1/gateways/{gateway}/commands": { what: { kind: "read", device: "INV-01" } },
  "post /api/v1/devices/{device}/set-points": { point: setPoint, value: 60 },
};

type Ids = Readonly<Record<"plant" | "device" | "gateway" | "command" | "rollout", string>>;
type Operation = {
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body: unknown;
};
type Answer = { readonly status: number; readonly text: string };

let api: TestApi;
let operations: readonly Operation[] = [];
let ids: Readonly<Record<"own" | "other" | "nobody", Ids>>;
let cookies: Readonly<Record<"own" | "other", string>>;
/** What of the other organisation nobody else may read. */
let secrets: readonly string[] = [];

beforeAll(async () => {
  api = await testApi(noon);
  cookies = { own: await administrator(api.own), other: await administrator(api.other) };
  ids = {
    own: await filled(api.own, cookies.own),
    other: await filled(api.other, cookies.other),
    nobody: {
      ...{ plant: randomUUID(), device: randomUUID(), command: randomUUID() },
      ...{ rollout: randomUUID(), gateway: "nobody-gw" },
    },
  };
  const devices = [...api.other.devices.values()].map(({ id }) => id);
  secrets = [...Object.values(ids.other), ...devices, noteOf("other")];
  operations = operationsIn((await api.app.inject("/api/v1/openapi.json")).json());
});
afterAll(() => api.app.close());

describe("a user of one organisation and the ids of another (F18)", () => {
  test("every route that names something answers as for an id that nobody has, and leaks nothing", async () => {
    const wrong: string[] = [];
    const judged = operations.filter(({ path }) => namesSomething(path));
    for (const operation of judged) {
      const stranger = await answer(operation, ids.other, cookies.own);
      const unknown = await answer(operation, ids.nobody, cookies.own);
      if (stranger.status < 400) wrong.push(`${operation.name}: ${stranger.status}`);
      if (stranger.status !== unknown.status || stranger.text !== unknown.text) {
        wrong.push(`${operation.name}: ${stranger.text} and for nobody's ${unknown.text}`);
      }
      for (const secret of leaked(stranger.text)) wrong.push(`${operation.name} tells ${secret}`);
    }

    expect(wrong).toEqual([]);
    expect(judged.length).toBeGreaterThan(15);
  });

  test("the same requests are answered to who owns what they name: nothing else was refused", async () => {
    const reads = operations.filter(({ path, method }) => namesSomething(path) && method === "GET");
    const writes = operations.filter(({ name }) =>
      /^p.*(commands|set-points|\{version\}|\{rollout\}\/stop)$/.test(name),
    );
    const statuses: string[] = [];
    for (const operation of [...reads, ...writes]) {
      const { status, text } = await answer(operation, ids.other, cookies.other);
      if (status >= 400 && status !== 409) statuses.push(`${operation.name}: ${status} ${text}`);
    }

    expect(statuses).toEqual([]);
    expect(reads.length).toBeGreaterThan(10);
  });

  test("what a write would have done is not done", async () => {
    expect(api.sent.filter(({ gateway }) => gateway === "nobody-gw")).toEqual([]);
    const { commands } = (
      await api.app.inject({
        url: `/api/v1/gateways/${ids.other.gateway}/commands`,
        headers: { cookie: cookies.other },
      })
    ).json<{ commands: { orderedBy: { name: string } }[] }>();

    expect(new Set(commands.map(({ orderedBy }) => orderedBy.name))).toEqual(
      new Set(["Admin of other"]),
    );
  });

  test("no list and no search names anything of it", async () => {
    const lists = operations.filter(({ path, method }) => !path.includes("{") && method === "GET");
    const wrong: string[] = [];
    for (const operation of lists) {
      for (const query of ["", "?q=other", `?q=${ids.other.device}`, "?q=INV-01"]) {
        const { text } = await answer(
          { ...operation, path: operation.path + query },
          ids.own,
          cookies.own,
        );
        for (const secret of leaked(text)) wrong.push(`${operation.path}${query} tells ${secret}`);
      }
    }

    expect(wrong).toEqual([]);
    expect(lists.map(({ path }) => path)).toContain("/api/v1/search");
  });

  test("nobody who has not signed in is told anything", async () => {
    const open: string[] = [];
    for (const operation of operations.filter(({ path }) => namesSomething(path))) {
      const { status, text } = await answer(operation, ids.other, "");
      if (status !== 401 || leaked(text).length > 0) open.push(`${operation.name}: ${status}`);
    }

    expect(open).toEqual([]);
  });
});

function namesSomething(path: string): boolean {
  return [...path.matchAll(/\{(\w+)\}/g)].some(([, name = ""]) => !(name in common));
}

/** A route with a name that is not known here cannot be judged: it has to be added. */
function filledIn(path: string, own: Ids): string {
  return path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = common[name] ?? new Map(Object.entries(own)).get(name);
    if (value === undefined) throw new Error(`what does {${name}} of ${path} name?`);
    return value;
  });
}

/** The answer without the ids that were asked for, and without what is each request's own. */
async function answer(
  { method, path, body }: Operation,
  own: Ids,
  cookie: string,
): Promise<Answer> {
  const { statusCode, payload } = await api.app.inject({
    ...{ method, url: filledIn(path, own), headers: { cookie } },
    ...(body !== undefined && { payload: body as object }),
  });
  const text = Object.values(own).reduce((all, id) => all.replaceAll(id, "…"), payload);
  return { status: statusCode, text: text.replaceAll(/urn:uuid:[0-9a-f-]+/g, "") };
}

function leaked(text: string): readonly string[] {
  return secrets.filter((secret) => text.includes(secret));
}

function operationsIn({ paths }: Document): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody }]) => {
      const name = `${method} ${path}`;
      const schema = requestBody?.content["application/json"]?.schema;
      const body = bodies[name] ?? (schema && sampleOf(schema));
      const query = queries[path.split("/").at(-1) ?? ""];
      return {
        ...{ name, method: method.toUpperCase() as Operation["method"], body },
        path: query === undefined ? path : `${path}?${query}`,
      };
    }),
  );
}

type Body = { readonly content: Readonly<Record<string, { readonly schema: object }>> };
type Methods = Readonly<Record<string, { readonly requestBody?: Body }>>;
type Document = { readonly paths: Readonly<Record<string, Methods>> };

async function administrator(organisation: TestOrganisation): Promise<string> {
  const { name } = organisation;
  const email = `admin-of-${name}@sunledger.example`;
  const role = "administrator" as const;
  await api.identity.createUser({
    ...{ email, name: `Admin of ${name}`, password: testPassword, role, organisation: name },
  });
  return api.cookie({ ...organisation, email });
}

/** One of everything that a path may name, made over the api itself. */
async function filled(organisation: TestOrganisation, cookie: string): Promise<Ids> {
  const gateway = `${organisation.name}-gw`;
  const device = organisation.devices.get("INV-01");
  if (!device) throw new Error("no device");
  api.word.statusHeard(
    gateway,
    {
      ...{ v: 1, state: "online", at: noon, session: "a-session" },
      allows: { set: [{ device: "INV-*", point: setPoint }] },
    },
    noon,
  );
  const announced = sampleAnnouncement(device, noon);
  const unit = { unit: "percent", kind: "setpoint", lane: "values", everyMs: 60_000 } as const;
  api.word.announcementHeard(gateway, {
    ...{ ...announced, profile: { id: "huawei-sun2000", version: "1" } },
    points: [...announced.points, { ...unit, name: setPoint }],
  });
  await api.record(device.id, noon, { [setPoint]: 100, "ac.power.active": 500 });
  const sent = async (method: "POST" | "PUT", url: string, payload: object) => {
    const answered = await api.app.inject({ method, url, payload, headers: { cookie } });
    expect(answered.statusCode).toBeLessThan(300);
    return answered.json<{ id: string }>();
  };
  const { id } = await sent("POST", `/api/v1/gateways/${gateway}/commands`, {
    ...{ id: randomUUID(), what: { kind: "read", device: "INV-01" } },
  });
  await sent("PUT", `/api/v1/gateways/${gateway}/configurations/1`, {
    ...{ document: { devices: [] }, note: noteOf(organisation.name) },
  });
  const rollout = await sent("POST", "/api/v1/rollouts", {
    ...{ note: noteOf(organisation.name), soakMinutes: 10, rings: [[gateway]] },
    change: { kind: "profile", from: "old", to: "new" },
  });
  const { plant } = organisation;
  return { plant, device: device.id, gateway, command: id, rollout: rollout.id };
}
