import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Panel } from "../../kit/panel.tsx";
import { LanguageChoice, ThemeChoice } from "../choices.tsx";
import { useParts } from "../parts.ts";
import { sessionQuery, usePreferences } from "../session.ts";
import styles from "./me.module.css";

/** Who I am here, and how the page shows itself to me. */
export function Me() {
  const { t } = useTranslation();
  const { http } = useParts();
  const { data: session } = useQuery(sessionQuery(http));
  const preferences = usePreferences();
  useEffect(() => {
    document.title = `${t("session:me")} · Sunledger`;
  }, [t]);
  if (!session) return null;
  const { user, organisation } = session;

  return (
    <div className={styles.page}>
      <h1>{t("session:me")}</h1>
      <Panel title={t("session:profile")}>
        <dl className={styles.facts}>
          <dt>{t("session:name")}</dt>
          <dd>{user.name}</dd>
          <dt>{t("session:email")}</dt>
          <dd>{user.email}</dd>
          <dt>{t("session:organisation")}</dt>
          <dd>{organisation.name}</dd>
          <dt>{t("session:role")}</dt>
          <dd>{t(`session:role.${user.role}`)}</dd>
        </dl>
      </Panel>
      <Panel title={t("session:display")}>
        <div className={styles.choices}>
          <span>{t("app:language")}</span>
          <LanguageChoice onChosen={(language) => preferences.mutate({ language })} />
          <span>{t("app:theme")}</span>
          <ThemeChoice onChosen={(theme) => preferences.mutate({ theme })} />
        </div>
        <p role="status" className={styles.saved}>
          {preferences.isSuccess && t("session:saved")}
          {preferences.isError && t("session:notSaved")}
        </p>
      </Panel>
    </div>
  );
}
