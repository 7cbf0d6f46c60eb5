import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { Button } from "../../kit/button.tsx";
import form from "../../kit/form.module.css";
import styles from "../admin.module.css";
import { profilesQuery } from "../queries.ts";
import { type Candidate, nameplateOf } from "./found.ts";

type ProfileStepProps = {
  readonly candidate: Candidate;
  readonly onBack: () => void;
  readonly onNext: (profile: string) => void;
};

/** Chooses how the device is read: what the search thinks, or another profile. */
export function ProfileStep({ candidate, onBack, onNext }: ProfileStepProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const { data: all = [] } = useQuery(profilesQuery(http));
  const { profiles } = candidate;
  const [chosen, setChosen] = useState(profiles[0]?.profile ?? "");
  const nameOf = (id: string) => {
    const known = all.find((one) => one.id === id);
    return known ? `${known.vendor} ${known.family}` : id;
  };
  const others = all.filter(({ id }) => !profiles.some(({ profile }) => profile === id));

  return (
    <div className={form.form}>
      <p>
        {nameplateOf(candidate.texts)} <code>{candidate.url}</code>
      </p>
      <fieldset className={styles.choices}>
        <legend>{t("admin:profile.which")}</legend>
        {profiles.map(({ profile, confidence }) => (
          <label key={profile}>
            <input
              type="radio"
              name="profile"
              value={profile}
              checked={chosen === profile}
              onChange={() => setChosen(profile)}
            />
            {nameOf(profile)}
            <span className={form.quiet}>{t("admin:profile.sure", { profile, confidence })}</span>
          </label>
        ))}
      </fieldset>
      <NativeSelect
        label={t("admin:profile.other")}
        value={profiles.some(({ profile }) => profile === chosen) ? "" : chosen}
        onChange={({ currentTarget }) =>
          setChosen(currentTarget.value || (profiles[0]?.profile ?? ""))
        }
        data={[
          { value: "", label: t("admin:profile.none") },
          ...others.map(({ id }) => ({ value: id, label: nameOf(id) })),
        ]}
      />
      <div className={form.row}>
        <Button onClick={onBack}>{t("admin:back")}</Button>
        <Button className={form.primary} onClick={() => onNext(chosen)} disabled={chosen === ""}>
          {t("admin:profile.next")}
        </Button>
      </div>
    </div>
  );
}
