import type { Role } from "@sunledger/model";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Outlet, useLocation, useMatches, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Fence } from "../../kit/panel.tsx";
import { useLive } from "../../live/use-live.ts";
import { mayOpen } from "../access.ts";
import { useLanguage } from "../choices.tsx";
import { NoAccess } from "../no-access.tsx";
import { useParts } from "../parts.ts";
import { chosenBefore, lookOf, type Stored } from "../preferences.ts";
import { forget, sessionCheckMs, sessionQuery, usePreferences } from "../session.ts";
import type { Wish } from "../shortcuts/keys.ts";
import { Shortcuts } from "../shortcuts/shortcuts.tsx";
import { signInPath } from "../sign-in/way-back.ts";
import { useTheme } from "../theme.tsx";
import { Header } from "./header.tsx";
import { Rail } from "./rail.tsx";
import { useReadAgain } from "./read-again.ts";
import { useScope } from "./scope.ts";
import styles from "./shell.module.css";

/** What stands around every screen of operations. */
export function Shell() {
  const { t } = useTranslation();
  const { http } = useParts();
  const { data: session } = useQuery({
    ...sessionQuery(http),
    refetchInterval: sessionCheckMs,
  });
  const live = useLive();
  const scope = useScope();
  const user = session?.user;
  const [wish, setWish] = useState<Wish>();
  const { pathname } = useLocation();
  useReturnToSignIn(session === null);
  useOwnPreferences(user);
  useReadAgain();

  const signedIn = Boolean(user);
  useEffect(() => {
    if (!signedIn) return;
    live.start();
    return () => live.stop();
  }, [live, signedIn]);

  if (!session) return null;
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#screen">
        {t("app:skip")}
      </a>
      <Header session={session} scope={scope} onWish={setWish} />
      <Rail scope={scope} />
      <main id="screen" className={styles.screen} tabIndex={-1}>
        <Fence key={pathname}>
          <Screen role={session.user.role} />
        </Fence>
      </main>
      <Shortcuts scope={scope} wish={wish} onWish={setWish} />
    </div>
  );
}

/** What the address leads to, for those who may open it. */
function Screen({ role }: { readonly role: Role }) {
  const guarded = useMatches({ select: (matches) => matches.at(-1)?.staticData.guarded });
  return guarded && !mayOpen(role, guarded) ? <NoAccess what={guarded} /> : <Outlet />;
}

/** A session that ended leads to the sign-in, and from there back to the same address. */
function useReturnToSignIn(ended: boolean) {
  const router = useRouter();
  const client = useQueryClient();
  useEffect(() => {
    if (ended) forget(client);
    // Where the page is going by now: whoever signed out is already on the way.
    const { pathname, href } = router.history.location;
    if (!ended || pathname === signInPath) return;
    void router.navigate({ to: signInPath, search: { to: href } });
  }, [ended, router, client]);
}

/** What was chosen at the sign-in is saved; else the account's choice, else the browser's, is shown. */
function useOwnPreferences(user: Stored | undefined) {
  const { setLanguage } = useLanguage();
  const { setTheme } = useTheme();
  const { mutate: save } = usePreferences();
  const known = user !== undefined;
  const { language = null, theme = null } = user ?? {};
  useEffect(() => {
    if (!known) return;
    const look = lookOf({ language, theme }, chosenBefore(sessionStorage), navigator.languages);
    void setLanguage(look.language);
    setTheme(look.theme);
  }, [known, language, theme]);
  useEffect(() => {
    const chosen = chosenBefore(sessionStorage);
    if (known && chosen) save(chosen);
  }, [known, save]);
}
