import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import styles from "./states.module.css";

type ErrorTileProps = { readonly error: Error; readonly retry: () => void };

/** What failed in plain words, the reference to quote, and another try. */
export function ErrorTile({ error, retry }: ErrorTileProps) {
  const { t, i18n } = useTranslation();
  const { code, reference } = error as Error & { code?: string; reference?: string };
  const known = code !== undefined && i18n.exists(`kit:problem.${code}`);
  return (
    <div className={styles.state} role="alert">
      <p>
        <strong>{t("kit:error.title")}</strong>
      </p>
      <p>{known ? t(`kit:problem.${code}`) : t("kit:problem.unknown")}</p>
      {reference && (
        <p className={styles.reference}>
          {t("kit:error.reference")} <code>{reference}</code>
          <Button onClick={() => void navigator.clipboard?.writeText(reference)}>
            {t("kit:error.copy")}
          </Button>
        </p>
      )}
      <Button onClick={retry}>{t("kit:error.retry")}</Button>
    </div>
  );
}
