import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../kit/empty-state.tsx";

/** There is no such page. */
export function NotFound() {
  const { t } = useTranslation();
  return (
    <main>
      <EmptyState
        title={t("app:notFound.title")}
        why={t("app:notFound.why")}
        action={<Link to="/overview">{t("app:notFound.back")}</Link>}
      />
    </main>
  );
}
