import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ErrorTile } from "../kit/error-tile.tsx";
import { ApiProblem } from "./http.ts";
import { NoAccess } from "./no-access.tsx";

/** A screen that could not be opened. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (error instanceof ApiProblem && error.status === 403) return <NoAccess />;
  const retry = () => {
    reset();
    void router.invalidate();
  };
  const failure = error instanceof Error ? error : new Error(String(error));
  return <ErrorTile error={failure} retry={retry} />;
}
