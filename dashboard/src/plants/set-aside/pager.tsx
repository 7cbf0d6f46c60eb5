import { useTranslation } from "react-i18next";
import { Button } from "../../kit/button.tsx";
import styles from "./set-aside.module.css";

type PagerProps = {
  /** From 0, the newest. */
  readonly page: number;
  readonly more: boolean;
  readonly onPage: (page: number) => void;
};

/** Newer and older; nothing where one page holds all. */
export function Pager({ page, more, onPage }: PagerProps) {
  const { t } = useTranslation();
  if (page === 0 && !more) return null;
  return (
    <span className={styles.pager}>
      <Button disabled={page === 0} onClick={() => onPage(page - 1)}>
        {t("aside:newer")}
      </Button>
      <Button disabled={!more} onClick={() => onPage(page + 1)}>
        {t("aside:older")}
      </Button>
    </span>
  );
}
