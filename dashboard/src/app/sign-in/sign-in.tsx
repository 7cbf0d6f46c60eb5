import { Button, PasswordInput, TextInput } from "@mantine/core";
import { SignIn } from "@sunledger/model";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { LanguageChoice, ThemeChoice } from "../choices.tsx";
import { ApiProblem } from "../http.ts";
import { keepChosen } from "../preferences.ts";
import { useSignIn } from "../session.ts";
import { focusFirstEmpty } from "./first-empty.ts";
import styles from "./sign-in.module.css";

type Wrong = { readonly email?: string; readonly password?: string };

/** E-mail and password; goes on to where one wanted to be. */
export function SignInScreen() {
  const { t } = useTranslation();
  const { to } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const signIn = useSignIn();
  const [wrong, setWrong] = useState<Wrong>({});
  const form = useRef<HTMLFormElement>(null);
  const summary = useRef<HTMLParagraphElement>(null);

  useEffect(() => {
    document.title = `${t("session:title")} · Sunledger`;
  }, [t]);
  useEffect(() => {
    if (form.current) focusFirstEmpty(form.current);
  }, []);
  useEffect(() => {
    if (signIn.error) summary.current?.focus();
  }, [signIn.error]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget));
    const parsed = SignIn.safeParse(given);
    if (!parsed.success) {
      const fields = new Set(parsed.error.issues.map(({ path }) => path[0]));
      setWrong({
        ...(fields.has("email") ? { email: t("session:email.wrong") } : {}),
        ...(fields.has("password") ? { password: t("session:password.wrong") } : {}),
      });
      return;
    }
    setWrong({});
    signIn.mutate(parsed.data, { onSuccess: () => void navigate({ to: to ?? "/overview" }) });
  };

  return (
    <main className={styles.page}>
      <form ref={form} className={styles.form} onSubmit={submit} noValidate>
        <h1>Sunledger</h1>
        <p>{t("session:intro")}</p>
        {signIn.error && (
          // Spoken because it takes the focus; an alert besides would be spoken twice.
          <p ref={summary} className={styles.refused} tabIndex={-1}>
            {t(reasonOf(signIn.error))}
          </p>
        )}
        <TextInput
          name="email"
          type="email"
          label={t("session:email")}
          autoComplete="username"
          error={wrong.email}
          size="md"
        />
        <PasswordInput
          name="password"
          label={t("session:password")}
          autoComplete="current-password"
          error={wrong.password}
          size="md"
          visibilityToggleButtonProps={{ "aria-label": t("session:password.show") }}
        />
        <Button type="submit" className={styles.go ?? ""} disabled={signIn.isPending}>
          {t(signIn.isPending ? "session:signingIn" : "session:signIn")}
        </Button>
      </form>
      <div className={styles.choices}>
        <LanguageChoice onChosen={(language) => keepChosen(sessionStorage, { language })} />
        <ThemeChoice onChosen={(theme) => keepChosen(sessionStorage, { theme })} />
      </div>
    </main>
  );
}

/** Says neither which of the two was wrong nor whether there is such a user. */
function reasonOf(error: Error): string {
  if (!(error instanceof ApiProblem)) return "session:refused.failed";
  if (error.code === "network.timeout") return "session:refused.timeout";
  if (error.status === 429) return "session:refused.often";
  if (error.status === 401 || error.status === 403) return "session:refused.wrong";
  return error.status === 0 ? "session:refused.unreachable" : "session:refused.failed";
}
