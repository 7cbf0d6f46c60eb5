import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import styles from "./admin.module.css";

/** The ways between the screens of an administrator. */
export function AdminTabs() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const current = (path: string) => (pathname.startsWith(path) ? "page" : undefined);
  return (
    <nav className={styles.tabs} aria-label={t("admin:title")}>
      <Link to="/admin/devices" aria-current={current("/admin/devices")}>
        {t("admin:devices")}
      </Link>
      <Link to="/admin/gateways" aria-current={current("/admin/gateways")}>
        {t("admin:gateways")}
      </Link>
      <Link to="/admin/rollouts" aria-current={current("/admin/rollouts")}>
        {t("admin:rollouts")}
      </Link>
      <Link to="/admin/profiles" aria-current={current("/admin/profiles")}>
        {t("admin:profiles")}
      </Link>
      <Link to="/admin/audit" aria-current={current("/admin/audit")}>
        {t("admin:audit")}
      </Link>
    </nav>
  );
}
