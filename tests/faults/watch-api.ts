import { setTimeout as wait } from "node:timers/promises";
import type { Freshness } from "@sunledger/model";
import { until } from "../support/until.ts";
import type { KeptApi } from "./kept-api.ts";

/** What the api answered once. */
export type ApiLook = {
  /** From the request to the answer, Unix milliseconds. */
  readonly from: number;
  readonly to: number;
  /** 0 where nobody answered. */
  readonly status: number;
  readonly detail: string;
};

/** A look at a plant's page. */
export type PageLook = ApiLook & {
  /** Of the devices on it, by plant and tag. */
  readonly devices: ReadonlyMap<string, Freshness>;
};

export type ApiWatched = {
  /** Looks at `/readyz`. */
  readonly ready: readonly ApiLook[];
  readonly pages: readonly PageLook[];
};

export type ApiWatch = {
  /** Ends the watch; all that was seen. */
  stop(): Promise<ApiWatched>;
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

/** Looks at the api's readiness, and beside it at the pages of the plants in turn, from now on. */
export async function watchApi(api: KeptApi): Promise<ApiWatch> {
  const { address } = api;
  const { cookie, plants } = await until("the api to show the plants", async () => {
    const signedIn = await api.signIn();
    const { items } = await signedIn.get<{ readonly items: readonly Plant[] }>("/plants");
    return { cookie: signedIn.cookie, plants: items };
  });
  const ready: ApiLook[] = [];
  const pages: PageLook[] = [];
  const stopping = new AbortController();
  const again = async (look: (turn: number) => Promise<unknown>) => {
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      await look(turn);
      await wait(everyMs);
    }
  };
  const watching = [
    again(async () => void ready.push((await asked(`${address}/readyz`, cookie)).look)),
    again(async (turn) => {
      const { id, code } = plants[turn % plants.length] as Plant;
      const { look, body } = await asked(`${address}/api/v1/plants/${id}`, cookie);
      const shown = look.status === 200 ? (body as PlantPage).devices : [];
      const devices = new Map(shown.map(({ tag, state }) => [`${code}/${tag}`, state]));
      pages.push({ ...look, devices });
    }),
  ];

  return {
    async stop() {
      stopping.abort();
      await Promise.all(watching);
      return { ready, pages };
    },
  };
}

async function asked(
  url: string,
  cookie: string,
): Promise<{ readonly look: ApiLook; readonly body?: unknown }> {
  const from = Date.now();
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const answer = await fetch(url, { headers: { cookie }, signal });
    const body = (await answer.json()) as { readonly detail?: string };
    const { detail = "" } = body;
    return { look: { from, to: Date.now(), status: answer.status, detail }, body };
  } catch (error) {
    return { look: { from, to: Date.now(), status: 0, detail: String(error) } };
  }
}

/** All pages as they are now. */
export async function pagesOf(api: KeptApi): Promise<readonly PlantPage[]> {
  const { get } = await api.signIn();
  const { items } = await get<{ readonly items: readonly Plant[] }>("/plants");
  return Promise.all(items.map(({ id }) => get<PlantPage>(`/plants/${id}`)));
}
