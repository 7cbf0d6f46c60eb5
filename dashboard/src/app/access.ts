import type { Role } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useParts } from "./parts.ts";
import { sessionQuery } from "./session.ts";

/** What not everybody may open. */
export type Guarded = "administration" | "setPoints" | "trace";

const allowed: Readonly<Record<Guarded, readonly Role[]>> = {
  administration: ["administrator"],
  setPoints: ["administrator", "operator"],
  trace: ["administrator", "operator"],
};

/** Whether the role may open it: the one place of the page that says so. */
export function mayOpen(role: Role, what: Guarded): boolean {
  return allowed[what].includes(role);
}

/** Whether who is signed in may open it. */
export function useMayOpen(what: Guarded): boolean {
  const { http } = useParts();
  const { data: session } = useQuery(sessionQuery(http));
  return session ? mayOpen(session.user.role, what) : false;
}
