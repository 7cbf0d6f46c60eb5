import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../kit/empty-state.tsx";

/** An address outside everything. */
export function NotFoundPage() {
  return (
    <main style={{ height: "100%" }}>
      <NotFound />
    </main>
  );
}

/** What the address names is not there. */
export function NotFound() {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${t("app:notFound.title")} · Sunledger`;
  }, [t]);
  return (
    <EmptyState
      page
      title={t("app:notFound.title")}
      why={t("app:notFound.why")}
      action={<Link to="/overview">{t("app:notFound.back")}</Link>}
    />
  );
}
