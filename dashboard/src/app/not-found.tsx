import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../kit/empty-state.tsx";

type NotFoundProps = {
  /** What was looked for; absent when the address names nothing at all. */
  readonly what?: "plant" | "device";
};

/** What the address names is not there. */
export function NotFound({ what }: NotFoundProps) {
  const { t } = useTranslation();
  const title = t(what ? `app:notFound.${what}` : "app:notFound.title");
  useEffect(() => {
    document.title = `${title} · Sunledger`;
  }, [title]);
  return (
    <EmptyState
      page
      title={title}
      why={t("app:notFound.why")}
      action={<Link to="/overview">{t("app:notFound.back")}</Link>}
    />
  );
}
