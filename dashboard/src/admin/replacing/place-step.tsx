import { NativeSelect, TextInput } from "@mantine/core";
import type { DeviceDetail } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { Button } from "../../kit/button.tsx";
import styles from "../../kit/form.module.css";
import { Skeleton } from "../../kit/skeleton.tsx";
import { Outcome } from "../../orders/outcome.tsx";
import { ProblemText } from "../../orders/problem.tsx";
import { type Document, deviceAt, tagAt } from "../document.ts";
import { ScanStep } from "../onboarding/scan-step.tsx";
import { gatewaysQuery, profilesQuery } from "../queries.ts";
import { usePresent } from "../use-present.ts";

/** Where the new device is and how it is read, and what its gateway polled when that was said. */
export type NewPlace = {
  readonly url: string;
  readonly profile: string;
  readonly document: Document;
  readonly after: number;
};

type PlaceStepProps = {
  readonly device: DeviceDetail;
  readonly gateway: string;
  readonly place: NewPlace | undefined;
  readonly onNext: (place: NewPlace) => void;
};

/** Says where the new device is: at the same address as the old one, unless told otherwise. */
export function PlaceStep(props: PlaceStepProps) {
  const { t } = useTranslation();
  const { document, after, command, isBusy, error, askAgain } = usePresent(props.gateway);
  if (document && after !== undefined) {
    return <PlaceForm {...props} document={document} after={after} />;
  }
  return (
    <div className={styles.form}>
      <ProblemText error={error} />
      <Outcome command={command} />
      {!error && !command?.outcome && (
        <Skeleton label={t("imports:asking", { gateway: props.gateway })} lines={4} />
      )}
      {(error || command?.outcome) && (
        <Button onClick={askAgain} disabled={isBusy}>
          {t("imports:askAgain")}
        </Button>
      )}
    </div>
  );
}

type PlaceFormProps = PlaceStepProps & Pick<NewPlace, "document" | "after">;

function PlaceForm({ device, gateway, place, document, after, onNext }: PlaceFormProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const { data: profiles = [] } = useQuery(profilesQuery(http));
  const { data: gateways = [] } = useQuery(gatewaysQuery(http));
  const own = deviceAt(document, device.tag);
  const [url, setUrl] = useState(place?.url ?? own?.url ?? "");
  const [profile, setProfile] = useState(place?.profile ?? own?.profile ?? device.profile ?? "");
  const [asked, setAsked] = useState(false);
  const [searching, setSearching] = useState(false);
  const searchable = gateways.filter(({ id, allows }) => id === gateway && allows?.onboarding);
  const other = tagAt(document, url.trim());
  const isOthers = other !== undefined && other !== device.tag;
  const fault =
    url.trim() === ""
      ? t("admin:profile.urlMissing")
      : isOthers && t("admin:commission.known", { tag: other });
  const choices = profiles.map(({ id, vendor, family }) => {
    return { value: id, label: `${vendor} ${family}` };
  });
  const isListed = choices.some(({ value }) => value === profile);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!fault && profile !== "") onNext({ url: url.trim(), profile, document, after });
  };

  return (
    <div className={styles.form}>
      <p>{t("replace:why", { tag: device.tag })}</p>
      <form className={styles.form} onSubmit={submit} noValidate>
        <TextInput
          className={styles.wide ?? ""}
          label={t("admin:profile.url")}
          description={t("replace:urlHelp")}
          value={url}
          onChange={({ currentTarget }) => setUrl(currentTarget.value)}
          error={asked && fault}
        />
        <NativeSelect
          className={styles.wide ?? ""}
          label={t("admin:profile.which")}
          value={profile}
          onChange={({ currentTarget }) => setProfile(currentTarget.value)}
          data={isListed ? choices : [{ value: profile, label: profile }, ...choices]}
        />
        <div className={styles.row}>
          <Button type="submit" className={styles.primary}>
            {t("replace:read")}
          </Button>
          {searchable.length > 0 && (
            <Button onClick={() => setSearching(!searching)} aria-expanded={searching}>
              {t("replace:search")}
            </Button>
          )}
        </div>
      </form>
      {searching && (
        <ScanStep
          gateways={searchable}
          onNext={(_, found) => {
            setUrl(found.url);
            setProfile(found.profiles[0]?.profile ?? profile);
            setSearching(false);
          }}
        />
      )}
    </div>
  );
}
