import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../kit/empty-state.tsx";
import type { Guarded } from "./access.ts";

/** What the address leads to is not for who is signed in; says whom to ask. */
export function NoAccess({ what }: { readonly what?: Guarded }) {
  const { t } = useTranslation();
  const title = t("app:forbidden.title");
  useEffect(() => {
    document.title = `${title} · Sunledger`;
  }, [title]);
  return (
    <EmptyState
      page
      title={title}
      why={what ? t(`app:forbidden.why.${what}`) : t("app:forbidden.why")}
      action={<Link to="/overview">{t("app:notFound.back")}</Link>}
    />
  );
}
