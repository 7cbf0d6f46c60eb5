import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "./http.ts";
import { forget, isSignedOut } from "./session.ts";

/** Keeps what was read. An answer "sign in", to a question or a change, ends the session on the page. */
export function openQueries(): QueryClient {
  const onError = (error: Error) => {
    if (isSignedOut(error)) forget(client);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) => count < 2 && mayPass(error),
        refetchOnWindowFocus: true,
      },
    },
  });
  return client;
}

/** A refusal stays one however often it is asked; who has waited long enough is told so at once. */
function mayPass(error: unknown): boolean {
  if (error instanceof ApiProblem && error.code === "network.timeout") return false;
  return error instanceof ApiProblem && (error.status === 0 || error.status >= 500);
}
