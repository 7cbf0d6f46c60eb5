import { setTimeout as wait } from "node:timers/promises";
import { PlantList } from "@sunledger/model";
import type { TestHouse } from "./house.ts";
import type { SignedIn } from "./signed-in.ts";

const everyMs = 3_000;

/**
 * From now on somebody looks at every plant of the house, whatever becomes of its programs: gateways send
 * each frame at once, and no test waits for what they gather else. Answers how to look away.
 */
export function lookAt(house: Pick<TestHouse, "signIn">): () => Promise<void> {
  const away = new AbortController();
  let present: SignedIn | undefined;

  const look = async () => {
    present ??= await house.signIn();
    const { items } = PlantList.parse(await present.get("/plants"));
    for (const { id } of items) await present.get(`/plants/${id}`);
  };
  const looking = async () => {
    while (!away.signal.aborted) {
      await look().catch(() => {}); // the api may just be down
      await wait(everyMs, undefined, { signal: away.signal }).catch(() => {});
    }
  };
  const done = looking();
  return async () => {
    away.abort();
    await done;
  };
}
