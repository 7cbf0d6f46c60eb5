import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../kit/button.tsx";
import styles from "../../kit/form.module.css";
import own from "./imports.module.css";
import { listFiles } from "./list-file.ts";

type ListChooserProps = {
  readonly onChoose: (file: File) => void;
  readonly isBusy: boolean;
};

/** Takes the file of a list, and says what has to stand in it. */
export function ListChooser({ onChoose, isBusy }: ListChooserProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<File>();
  const take = (file: File | undefined) => {
    setChosen(file);
    if (file) onChoose(file);
  };
  return (
    <div className={styles.form}>
      <p>{t("imports:why")}</p>
      <p>
        {t("imports:columns")}{" "}
        <a href="/devices.csv" download>
          {t("imports:template")}
        </a>
      </p>
      <label className={own.file}>
        {t("imports:choose")}
        {/* A browser names its own button in its own language. */}
        <span className={own.shown} aria-hidden="true">
          <span className={own.button}>{t("imports:browse")}</span>
          {chosen?.name ?? t("imports:noFile")}
        </span>
        <input
          type="file"
          accept={listFiles}
          disabled={isBusy}
          onChange={({ currentTarget }) => take(currentTarget.files?.[0])}
        />
      </label>
      {chosen && (
        <Button onClick={() => onChoose(chosen)} disabled={isBusy}>
          {t("imports:again", { file: chosen.name })}
        </Button>
      )}
    </div>
  );
}
