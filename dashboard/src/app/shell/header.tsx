import { Menu, Popover } from "@mantine/core";
import type { Session } from "@sunledger/model";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LanguageChoice, ThemeChoice } from "../choices.tsx";
import { usePreferences, useSignOut } from "../session.ts";
import type { Wish } from "../shortcuts/keys.ts";
import { ConnectionState, PlantClock } from "./connection.tsx";
import styles from "./header.module.css";
import { type Scope, useLocalText } from "./scope.ts";

type HeaderProps = {
  readonly session: Session;
  readonly scope: Scope;
  readonly onWish: (wish: Wish) => void;
};

/** Where one is, whether the data are live, what time it is there, and who one is. */
export function Header({ session, scope, onWish }: HeaderProps) {
  return (
    <header className={styles.header}>
      <Link to="/overview" className={styles.brand}>
        Sunledger
      </Link>
      <Crumbs scope={scope} />
      <div className={styles.end}>
        <ConnectionState scope={scope} />
        <PlantClock scope={scope} />
        <UserMenu session={session} onWish={onWish} />
      </div>
    </header>
  );
}

function Crumbs({ scope }: { readonly scope: Scope }) {
  const { t } = useTranslation();
  const { plant, device } = scope;
  return (
    <nav className={styles.crumbs} aria-label={t("app:crumbs")}>
      <ol>
        <li>
          <Link to="/overview" aria-current={plant ? undefined : "page"}>
            {t("app:portfolio")}
          </Link>
        </li>
        {plant && (
          <li>
            <PlantSwitch scope={scope} />
          </li>
        )}
        {device && (
          <li>
            <Link to="/devices/$device" params={{ device: device.id }} aria-current="page">
              {device.tag}
            </Link>
          </li>
        )}
      </ol>
    </nav>
  );
}

function PlantSwitch({ scope: { plants, plant, device } }: { readonly scope: Scope }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const navigate = useNavigate();
  if (!plant) return null;
  return (
    <span className={styles.switch}>
      <Link
        to="/plants/$plant"
        params={{ plant: plant.id }}
        aria-current={device ? undefined : "page"}
      >
        {text(plant.name)}
      </Link>
      <Menu position="bottom-start">
        <Menu.Target>
          <button type="button" className={styles.more} aria-label={t("app:plantSwitch")}>
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <path d="M3 4.5L6 7.5L9 4.5" />
            </svg>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {plants.map((each) => (
            <Menu.Item
              key={each.id}
              onClick={() => void navigate({ to: "/plants/$plant", params: { plant: each.id } })}
            >
              {text(each.name)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </span>
  );
}

type UserMenuProps = Pick<HeaderProps, "session" | "onWish">;

function UserMenu({ session: { user, organisation }, onWish }: UserMenuProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const preferences = usePreferences();
  const signOut = useSignOut();
  const ask = (wish: Wish) => {
    setOpened(false);
    onWish(wish);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={styles.user} onClick={() => setOpened(!opened)}>
          {user.name}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.menu ?? ""} aria-label={t("app:user")}>
        <div className={styles.who}>
          <strong>{organisation.name}</strong>
          <span>{user.email}</span>
        </div>
        <div className={styles.choice}>
          <span>{t("app:language")}</span>
          <LanguageChoice onChosen={(language) => preferences.mutate({ language })} />
        </div>
        <div className={styles.choice}>
          <span>{t("app:theme")}</span>
          <ThemeChoice onChosen={(theme) => preferences.mutate({ theme })} />
        </div>
        <div className={styles.ways}>
          <Link to="/me" onClick={() => setOpened(false)}>
            {t("app:me")}
          </Link>
          <button type="button" onClick={() => ask("palette")}>
            {t("app:palette")} <kbd>Ctrl K</kbd>
          </button>
          <button type="button" onClick={() => ask("sheet")}>
            {t("app:shortcuts")} <kbd>?</kbd>
          </button>
          <button type="button" onClick={() => signOut.mutate()}>
            {t("app:signOut")}
          </button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
