import { Menu } from "@mantine/core";
import type { LocalText } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { plantQuery } from "../../plants/queries.ts";
import { useMayOpen } from "../access.ts";
import { useParts } from "../parts.ts";
import styles from "./rail.module.css";
import { type Scope, useLocalText } from "./scope.ts";

const icons = {
  overview: "M3 10l7-6 7 6v7h-5v-5H8v5H3z",
  plants: "M3 15h14M5 15l2-8h6l2 8M4.4 11h11.2M10 7v8M10 2v2M4 4l1.2 1.2M16 4l-1.2 1.2",
  admin:
    "M10 7a3 3 0 100 6 3 3 0 000-6zM10 2v3M10 15v3M2 10h3M15 10h3M4.3 4.3l2.2 2.2M13.5 13.5l2.2 2.2M4.3 15.7l2.2-2.2M13.5 6.5l2.2-2.2",
  devices: "M4 3h12v14H4zM7 6.5h6M7 9.5h6M7 13.5h.01M10 13.5h.01",
};

/** The ways to everything, always in the same place. */
export function Rail({ scope }: { readonly scope: Scope }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const mayAdminister = useMayOpen("administration");
  const open = (to: "/plants/$plant", id: string) => void navigate({ to, params: { plant: id } });
  return (
    <nav className={styles.rail} aria-label={t("app:rail")}>
      <Link
        to="/overview"
        className={styles.entry}
        aria-current={pathname === "/overview" ? "page" : undefined}
      >
        <Icon path={icons.overview} />
        {t("app:rail.overview")}
      </Link>
      <Choice
        label={t("app:rail.plants")}
        icon={icons.plants}
        current={pathname.startsWith("/plants/")}
        entries={scope.plants.map(({ id, name, code }) => ({ id, name, detail: code }))}
        onChoose={(id) => open("/plants/$plant", id)}
      />
      <Devices plant={scope.plant?.id} current={pathname.startsWith("/devices/")} />
      {mayAdminister && (
        <Link
          to="/admin/devices"
          className={styles.entry}
          aria-current={pathname.startsWith("/admin/") ? "page" : undefined}
        >
          <Icon path={icons.admin} />
          {t("app:rail.admin")}
        </Link>
      )}
    </nav>
  );
}

type DevicesProps = {
  /** Absent where the address is about no plant: then there is nothing to choose from. */
  readonly plant: string | undefined;
  readonly current: boolean;
};

function Devices({ plant, current }: DevicesProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const navigate = useNavigate();
  const { data } = useQuery({ ...plantQuery(http, plant ?? ""), enabled: plant !== undefined });
  return (
    <Choice
      label={t("app:rail.devices")}
      icon={icons.devices}
      current={current}
      entries={(data?.devices ?? []).map(({ id, name, tag }) => ({ id, name, detail: tag }))}
      onChoose={(id) => void navigate({ to: "/devices/$device", params: { device: id } })}
    />
  );
}

type ChoiceProps = {
  readonly label: string;
  readonly icon: string;
  readonly current: boolean;
  readonly entries: readonly {
    readonly id: string;
    readonly name: LocalText;
    readonly detail: string;
  }[];
  readonly onChoose: (id: string) => void;
};

function Choice({ label, icon, current, entries, onChoose }: ChoiceProps) {
  const text = useLocalText();
  return (
    <Menu position="right-start" offset={4}>
      <Menu.Target>
        <button
          type="button"
          className={styles.entry}
          aria-current={current ? "page" : undefined}
          disabled={entries.length === 0}
        >
          <Icon path={icon} />
          {label}
        </button>
      </Menu.Target>
      <Menu.Dropdown className={styles.list ?? ""}>
        {entries.map(({ id, name, detail }) => (
          <Menu.Item key={id} onClick={() => onChoose(id)}>
            <span className={styles.detail}>{detail}</span>
            {text(name)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Icon({ path }: { readonly path: string }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
