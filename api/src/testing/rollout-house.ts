import {
  type ConfigurationState,
  type GatewayStatus,
  Rollout,
  RolloutList,
  type RolloutStep,
} from "@sunledger/model";
import { administratorOf } from "./administrator.ts";
import { type TestApi, testApi } from "./test-api.ts";

const device = { tag: "INV-01", url: "tcp://10.0.0.1" };
const noon = Date.UTC(2026, 5, 21, 4);

/** What the roll-outs of tests are about: gateways of two rings, what they poll before and after. */
export const rolloutSample = {
  ...{ noon, minute: 60_000, first: "own-gw", second: "own-gw-2" },
  change: { kind: "profile", from: "old", to: "new" },
  old: { devices: [{ ...device, profile: "old" }] },
  fresh: { devices: [{ ...device, profile: "new" }] },
} as const;

const { change, first, second } = rolloutSample;

type Pushed = NonNullable<ConfigurationState["pushed"]>;

/** An api with a gateway in each of two rings, and what people and gateways say to it. */
export type RolloutHouse = {
  readonly api: TestApi;
  /** The administrator's. */
  readonly cookie: string;
  post(url: string, payload?: object): ReturnType<typeof inject>;
  begin(more?: object): Promise<Rollout>;
  act(id: string, what: string, body?: object): Promise<Rollout>;
  one(id: string): Promise<Rollout>;
  stepsOf(id: string): Promise<RolloutStep["state"][]>;
  /** Somebody else gives the first gateway a version. */
  addVersion(version: number, document?: object): Promise<void>;
  /** So much time passes, the gateways say how they are, and then something else; the roll-outs go on. */
  tick(laterMs?: number, saying?: () => void): Promise<void>;
  /** Asked, told and sent: the gateway's new version is on its way. */
  sendTo(gateway: string): Promise<void>;
  /** The gateway answers the newest question what it polls. */
  tell(gateway: string, configuration?: object): Promise<void>;
  versionsSent(gateway: string): unknown[];
  hear(gateway: string, version: number, state: Pushed["state"], reasons?: string[]): Promise<void>;
  say(gateway: string, more?: Partial<GatewayStatus>): void;
  addGateway(gateway: string): Promise<void>;
};

export async function rolloutHouse(): Promise<RolloutHouse> {
  const api = await testApi(noon);
  const cookie = await administratorOf(api);
  const house = houseOf(api, cookie);
  await house.addGateway(second);
  for (const gateway of [first, second]) house.say(gateway);
  return house;
}

function houseOf(api: TestApi, cookie: string): RolloutHouse {
  const house: RolloutHouse = {
    ...{ api, cookie },
    post: (url, payload = {}) => inject(api, cookie, url, payload),

    async begin(more = {}) {
      const rings = [[first], [second]];
      const wanted = { change, soakMinutes: 10, rings, note: "new map", ...more };
      return Rollout.parse((await house.post("/api/v1/rollouts", wanted)).json());
    },

    act: async (id, what, body = {}) =>
      Rollout.parse((await house.post(`/api/v1/rollouts/${id}/${what}`, body)).json()),

    async one(id) {
      const { rollouts } = RolloutList.parse((await api.get("/api/v1/rollouts", cookie)).body);
      const found = rollouts.find((each) => each.id === id);
      if (!found) throw new Error(`no roll-out ${id}`);
      return found;
    },

    stepsOf: async (id) => (await house.one(id)).steps.map(({ state }) => state),

    async addVersion(version, document = rolloutSample.old) {
      await api.configurations.add(api.own.id, {
        ...{ gateway: first, version, document: { ...document }, at: noon - 1_000, note: "" },
        by: { id: "u2", name: "Li" },
      });
    },

    async tick(laterMs = 0, saying = () => {}) {
      await api.clock.advance(api.clock.now() + laterMs);
      if (laterMs > 0) for (const gateway of [first, second]) house.say(gateway);
      saying();
      await api.rolloutDesk.tick();
    },

    async sendTo(gateway) {
      await house.tick();
      await house.tell(gateway);
      await house.tick();
    },

    async tell(gateway, configuration = rolloutSample.old) {
      const asked = api.sent.findLast(
        ({ gateway: to, message }) => to === gateway && "what" in message,
      )?.message;
      if (!asked || !("id" in asked)) throw new Error(`${gateway} was not asked`);
      const at = api.clock.now();
      await api.desk.answered(gateway, {
        ...{ v: 1, id: asked.id, at, state: "done", configuration: { ...configuration } },
      });
    },

    versionsSent: (gateway) =>
      api.sent.flatMap(({ gateway: to, message }) =>
        to === gateway && "document" in message ? [message.document] : [],
      ),

    async hear(gateway, version, state, reasons) {
      const pushed = { version, state, at: noon, ...(reasons && { reasons }) };
      const configuration = { source: "platform" as const, version, pushed };
      const status = { v: 1, state: "online", at: noon, configuration } as const;
      await api.configurationDesk.heard(gateway, status);
    },

    addGateway: (gateway) => addGateway(api, gateway),

    say(gateway, more = {}) {
      const at = api.clock.now();
      const reach = { state: "reachable" as const, since: noon };
      const status: GatewayStatus = {
        ...{ v: 1, state: "online", at, session: "a-session-of-a-gateway" },
        ...{ devices: { "INV-01": reach }, ...more },
      };
      api.word.statusHeard(gateway, status, at);
    },
  };
  return house;
}

function inject({ app }: TestApi, cookie: string, url: string, payload: object) {
  return app.inject({ method: "POST", url, headers: { cookie }, payload });
}

async function addGateway({ records, own }: TestApi, id: string): Promise<void> {
  const [plant] = await records.plants(own.id);
  if (!plant) throw new Error("no plant");
  const { id: _, ...unnamed } = plant;
  await records.provision({
    organisation: own.id,
    plants: [{ plant: { ...unnamed, code: id }, gateways: [{ id, secretHash: "" }], devices: [] }],
  });
}
