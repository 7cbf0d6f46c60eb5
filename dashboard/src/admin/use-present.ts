import type { CommandDetail } from "@sunledger/model";
import { useCallback, useEffect } from "react";
import { useOrder } from "../orders/use-order.ts";
import { type Document, presentDocument } from "./document.ts";
import { useNewestVersion } from "./use-newest-version.ts";

/** What a gateway polls now. */
export type Present = {
  readonly document: Document | undefined;
  /** The newest version when it was asked: what follows it builds upon this document. */
  readonly after: number | undefined;
  readonly command: CommandDetail | undefined;
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly askAgain: () => void;
};

/** Asks a gateway what it polls now: its own file is not known to the platform. */
export function usePresent(gateway: string): Present {
  const { give, command, isBusy, error } = useOrder(gateway);
  const { after, error: notRead } = useNewestVersion(gateway);
  const askAgain = useCallback(() => give({ kind: "tell-configuration" }), [give]);
  useEffect(() => {
    // Read after the number: what somebody pushes in between is not overwritten but refused.
    if (after !== undefined) askAgain();
  }, [askAgain, after]);
  const document = presentDocument(command);
  return { document, after, command, isBusy, error: error ?? notRead, askAgain };
}
