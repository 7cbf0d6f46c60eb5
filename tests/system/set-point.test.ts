import { CommandDetail, type OrderedCommand, SetPointProposal } from "@sunledger/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as z from "zod";
import { modbusTestClient } from "../../simulators/src/testing/modbus-client.ts";
import { startHouse, type TestHouse } from "../support/house.ts";
import type { SignedIn } from "../support/signed-in.ts";
import { until } from "../support/until.ts";

const percent = "setpoint.activePower.percent";
/** The register of a Huawei inverter that holds it, in tenths. */
const limitAt = 40_125;
/** Behind the ten devices of the first plant. */
const firstOfBaishan = 10;
const patient = { timeoutMs: 60_000, everyMs: 200 };

type Plants = { items: { id: string; code: string }[] };
type Devices = { devices: { id: string; tag: string }[] };

describe("a set-point that an operator confirms", () => {
  let house: TestHouse;
  let operator: SignedIn;
  let device: string;

  beforeAll(async () => {
    house = await startHouse({ history: false });
    operator = await house.signIn();
    const { items } = await operator.get<Plants>("/plants");
    const plant = items.find(({ code }) => code === "baishan")?.id;
    const { devices } = await operator.get<Devices>(`/plants/${plant}`);
    device = devices.find(({ tag }) => tag === "INV-01")?.id ?? "";
    await until(
      "the gateway to have read it",
      async () => {
        const { setPoints } = await operator.get<{ setPoints: { current: unknown }[] }>(
          `/devices/${device}/set-points`,
        );
        return setPoints.some(({ current }) => current !== null);
      },
      patient,
    );
  }, 120_000);

  afterAll(() => house?.remove());

  test("reaches the inverter's register, is read back, and comes back by itself", async () => {
    const wish = { point: percent, value: 60, revertAfterMs: 5_000 };
    const proposal = SetPointProposal.parse(await post(`/devices/${device}/set-points`, wish));
    expect(proposal.rules).toMatchObject({ min: 0, max: 100, permitted: true });
    expect(await register()).toBe(1_000);

    const { id } = (await post(`/devices/${device}/set-points/confirmations`, {
      token: proposal.token,
    })) as OrderedCommand;
    await until("it to be written", async () => (await detailOf(id)).outcome, patient);
    expect(await register()).toBe(600);
    expect((await detailOf(id)).outcome).toMatchObject({
      ...{ state: "done", written: { previous: 100, readBack: 60, words: [600] } },
    });

    const reverted = async () =>
      (await detailOf(id)).answers.some(({ result }) => result.state === "revert");
    await until("it to come back", reverted, patient);
    expect(await register()).toBe(1_000);
    expect((await detailOf(id)).answers.at(-1)?.result).toMatchObject({ outcome: "done" });
  }, 120_000);

  async function detailOf(id: string): Promise<z.infer<typeof CommandDetail>> {
    return CommandDetail.parse(await operator.get(`/commands/${id}`));
  }

  async function post(path: string, body: object): Promise<unknown> {
    const answer = await fetch(`${house.address}/api/v1${path}`, {
      method: "POST",
      headers: {
        ...{ "content-type": "application/json", origin: house.address },
        cookie: operator.cookie,
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** What the inverter itself holds, past the gateway. */
  async function register(): Promise<number> {
    const client = await modbusTestClient(house.ports.simulators + firstOfBaishan);
    const { body } = await client.read(3, limitAt, 1);
    client.close();
    return body.readUInt16BE(2);
  }
});
