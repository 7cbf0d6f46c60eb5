import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../kit/empty-state.tsx";
import { ErrorTile } from "../kit/error-tile.tsx";
import { ApiProblem } from "./http.ts";

/** A screen that could not be opened. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  if (error instanceof ApiProblem && error.status === 403) {
    return (
      <EmptyState
        title={t("app:forbidden.title")}
        why={t("app:forbidden.why")}
        action={<Link to="/overview">{t("app:notFound.back")}</Link>}
      />
    );
  }
  const retry = () => {
    reset();
    void router.invalidate();
  };
  const failure = error instanceof Error ? error : new Error(String(error));
  return <ErrorTile error={failure} retry={retry} />;
}
