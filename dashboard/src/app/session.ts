import { type Preferences, Session, type SignIn } from "@sunledger/model";
import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ApiProblem, type Http } from "./http.ts";
import { useParts } from "./parts.ts";
import { forgetChosen } from "./preferences.ts";

export const sessionKey = ["session"] as const;

/** Who is signed in; `null` when nobody is. */
export function sessionQuery(http: Http) {
  return queryOptions({
    queryKey: sessionKey,
    queryFn: ({ signal }) => http.get("/session", Session.nullable(), signal),
    staleTime: 5 * 60_000,
  });
}

/**
 * A screen that only listens asks for nothing that would be refused: whether the session still is
 * must be asked for by itself.
 */
export const sessionCheckMs = 5_000;

/** Whether the server asks to sign in; who has just tried to is told otherwise. */
export function isSignedOut(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return false;
  return error.status === 401 && error.code !== "identity.wrongCredentials";
}

export function useSignIn() {
  const { http } = useParts();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: SignIn) => http.send("POST", "/session", given, Session),
    onSuccess: (session) => client.setQueryData(sessionKey, session),
  });
}

export function useSignOut() {
  const { http } = useParts();
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = () => {
    forget(client);
    forgetChosen(sessionStorage);
    void navigate({ to: "/sign-in" });
  };
  return useMutation({
    mutationFn: () => http.remove("/session"),
    onSuccess: leave,
    onError: (error) => {
      if (isSignedOut(error)) leave();
    },
  });
}

export function usePreferences() {
  const { http } = useParts();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: Preferences) =>
      http.send("PATCH", "/session/preferences", wanted, Session),
    // What is on its way would bring back what was before.
    onMutate: () => client.cancelQueries({ queryKey: sessionKey }),
    onSuccess: (session) => {
      forgetChosen(sessionStorage);
      client.setQueryData(sessionKey, session);
    },
  });
}

/** Drops everything that was read for the user who has left. */
export function forget(client: QueryClient): void {
  // What is still on its way would bring the user back.
  void client.cancelQueries({ queryKey: sessionKey });
  // Said before the rest goes: who looks at the session must learn of it, and a removed one is silent.
  client.setQueryData(sessionKey, null);
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
}
