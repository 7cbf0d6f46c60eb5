import { setTimeout as wait } from "node:timers/promises";
import type { Freshness } from "@sunledger/model";
import { until } from "../support/until.ts";
import type { KeptApi } from "./kept-api.ts";

/** What the api answered to one look at it. */
export type ApiLook = {
  /** From the request to the answer, Unix milliseconds. */
  readonly from: number;
  readonly to: number;
  /** What `/readyz` and a plant's page answered; 0 where nobody did. */
  readonly ready: Answer;
  readonly page: Answer;
  /** Of the devices on that page, by plant and tag. */
  readonly devices: ReadonlyMap<string, Freshness>;
};

type Answer = { readonly status: number; readonly detail: string };

export type ApiWatch = {
  /** Ends the watch; all that was seen. */
  stop(): Promise<readonly ApiLook[]>;
};

type Plant = { readonly id: string; readonly code: string };
/** A plant's page, as far as it is looked at. */
export type PlantPage = {
  readonly devices: readonly { readonly tag: string; readonly state: Freshness }[];
  readonly gateways: readonly { readonly id: string; readonly state: string }[];
};

const everyMs = 250;
/** Nobody waits longer for a page, whatever is away. */
const patienceMs = 30_000;

/** Looks at the api's readiness and at the pages of the plants in turn, from now on. */
export async function watchApi(api: KeptApi): Promise<ApiWatch> {
  const { address } = api;
  const { cookie, plants } = await until("the api to show the plants", async () => {
    const signedIn = await api.signIn();
    const { items } = await signedIn.get<{ readonly items: readonly Plant[] }>("/plants");
    return { cookie: signedIn.cookie, plants: items };
  });
  const looks: ApiLook[] = [];
  const stopping = new AbortController();

  const look = async (plant: Plant) => {
    const from = Date.now();
    const [ready, page] = await Promise.all([
      asked(`${address}/readyz`, cookie),
      asked(`${address}/api/v1/plants/${plant.id}`, cookie),
    ]);
    const shown = page.status === 200 ? (page.body as PlantPage).devices : [];
    looks.push({
      ...{ from, to: Date.now(), ready, page },
      devices: new Map(shown.map(({ tag, state }) => [`${plant.code}/${tag}`, state])),
    });
  };
  const watching = (async () => {
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      const plant = plants[turn % plants.length];
      if (plant) await look(plant);
      await wait(everyMs);
    }
  })();

  return {
    async stop() {
      stopping.abort();
      await watching;
      return looks;
    },
  };
}

async function asked(url: string, cookie: string): Promise<Answer & { readonly body?: unknown }> {
  try {
    const answer = await fetch(url, {
      headers: { cookie },
      signal: AbortSignal.timeout(patienceMs),
    });
    const body = (await answer.json()) as { readonly detail?: string };
    return { status: answer.status, detail: body.detail ?? "", body };
  } catch (error) {
    return { status: 0, detail: String(error) };
  }
}

/** All pages as they are now. */
export async function pagesOf(api: KeptApi): Promise<readonly PlantPage[]> {
  const { get } = await api.signIn();
  const { items } = await get<{ readonly items: readonly Plant[] }>("/plants");
  return Promise.all(items.map(({ id }) => get<PlantPage>(`/plants/${id}`)));
}
