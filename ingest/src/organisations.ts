import type { Scope } from "@sunledger/runtime";
import type { OpenFrameStore } from "@sunledger/store";

/** Those whose frames are looked after; none while that cannot be asked. */
export type Organisations = () => Promise<readonly string[]>;

/** All that have frames in the store, whether anything was heard of them since or not. */
export function organisationsOf(
  frameStore: Pick<OpenFrameStore, "organisations">,
  log: Scope["log"],
): Organisations {
  return async () => {
    try {
      return (await frameStore.organisations?.()) ?? [];
    } catch (error) {
      log.warn({ err: error }, "whose frames there are could not be asked");
      return [];
    }
  };
}
