import { FramesMessage } from "@sunledger/model";
import { unpackJson } from "@sunledger/runtime";

export type Head =
  | { readonly ok: true; readonly message: FramesMessage }
  | { readonly ok: false; readonly reason: string };

/** What a message may unfold to: 256 KB on the wire hold no honest message beyond this. */
const mostUnfolded = 8 * 1024 * 1024;

/** Reads what a gateway published on its frames topic as far as the head; rows stay unjudged (D-6). */
export function readHead(payload: Uint8Array, gateway: string): Head {
  let content: unknown;
  try {
    content = unpackJson(payload, mostUnfolded);
  } catch (error) {
    return unreadable(`not packed JSON: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = FramesMessage.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return unreadable(`${issue?.path.join(".") || "message"}: ${issue?.message}`);
  }
  const { data: message } = parsed;
  if (message.gateway !== gateway) {
    return unreadable(`the head names gateway ${message.gateway}`);
  }
  return { ok: true, message };
}

function unreadable(reason: string): Head {
  return { ok: false, reason: `head unreadable: ${reason}`.slice(0, 300) };
}
