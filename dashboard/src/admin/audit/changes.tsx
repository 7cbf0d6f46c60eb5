import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../kit/button.tsx";
import { missing } from "../../kit/format.ts";
import styles from "./audit.module.css";
import type { AuditChange } from "./audit-changes.ts";

/** More than that is shown when it is asked for. */
const shownAtOnce = 6;

/** What is not as it was: the names are those of the API. */
export function Changes({ changes }: { readonly changes: readonly AuditChange[] }) {
  const { t } = useTranslation();
  const [isWhole, setIsWhole] = useState(false);
  if (changes.length === 0) return missing;
  const shown = isWhole ? changes : changes.slice(0, shownAtOnce);
  const rest = changes.length - shown.length;
  return (
    <ul className={styles.changes}>
      {shown.map(({ path, before, after = missing }) => (
        <li key={path}>
          <code className={styles.path}>{path}</code>{" "}
          {before === undefined ? after : `${before} → ${after}`}
        </li>
      ))}
      {rest > 0 && (
        <li>
          <Button onClick={() => setIsWhole(true)}>{t("audit:rest", { count: rest })}</Button>
        </li>
      )}
    </ul>
  );
}
