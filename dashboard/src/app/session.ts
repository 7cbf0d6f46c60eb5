import { type Preferences, Session, type SignIn } from "@sunledger/model";
import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, type Http } from "./http.ts";
import { useParts } from "./parts.ts";

const sessionKey = ["session"] as const;

/** Who is signed in; `null` when nobody is. */
export function sessionQuery(http: Http) {
  return queryOptions({
    queryKey: sessionKey,
    queryFn: ({ signal }) => signedIn(http, signal),
    staleTime: 5 * 60_000,
  });
}

/** Noted in this browser while somebody is signed in: nobody is asked for without need. */
const noted = "sunledger.signedIn";

async function signedIn(http: Http, signal: AbortSignal): Promise<Session | null> {
  if (localStorage.getItem(noted) === null) return null;
  try {
    return await http.get("/session", Session, signal);
  } catch (error) {
    if (isSignedOut(error)) {
      localStorage.removeItem(noted);
      return null;
    }
    throw error;
  }
}

/** Whether the server asks to sign in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}

export function useSignIn() {
  const { http } = useParts();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: SignIn) => http.send("POST", "/session", given, Session),
    onSuccess: (session) => {
      localStorage.setItem(noted, "yes");
      client.setQueryData(sessionKey, session);
    },
  });
}

export function useSignOut() {
  const { http } = useParts();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => http.remove("/session"),
    onSuccess: () => forget(client),
  });
}

export function usePreferences() {
  const { http } = useParts();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: Preferences) =>
      http.send("PATCH", "/session/preferences", wanted, Session),
    onSuccess: (session) => client.setQueryData(sessionKey, session),
  });
}

/** Drops everything that was read for the user who has left. */
export function forget(client: QueryClient): void {
  localStorage.removeItem(noted);
  client.clear();
  client.setQueryData(sessionKey, null);
}
