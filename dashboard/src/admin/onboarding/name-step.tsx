import { TextInput } from "@mantine/core";
import type { DeviceToRegister, GatewayDetail } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { Button } from "../../kit/button.tsx";
import styles from "../../kit/form.module.css";
import { Loaded } from "../../kit/loaded.tsx";
import { plantQuery } from "../../plants/queries.ts";
import { freeTag } from "../document.ts";
import { type Candidate, nameplateOf } from "./found.ts";
import { type NameFaults, nameFaults, wattsOf } from "./name-faults.ts";

export type Named = DeviceToRegister;

type NameStepProps = {
  readonly gateway: GatewayDetail;
  readonly candidate: Candidate;
  readonly named: Named | undefined;
  readonly onBack: () => void;
  readonly onNext: (named: Named) => void;
};

/** Gives the device its name here. */
export function NameStep(props: NameStepProps) {
  const { http } = useParts();
  const query = useQuery(plantQuery(http, props.gateway.plant));
  return (
    <Loaded query={query} lines={6}>
      {({ devices }) => <NameForm {...props} taken={devices.map(({ tag }) => tag)} />}
    </Loaded>
  );
}

function NameForm({
  candidate,
  named,
  taken,
  onBack,
  onNext,
}: NameStepProps & { readonly taken: readonly string[] }) {
  const { t } = useTranslation();
  const { kind } = candidate;
  const [tag, setTag] = useState(named?.tag ?? freeTag(kind, taken));
  const [en, setEn] = useState(named?.name.en ?? nameplateOf(candidate.texts).slice(0, 60));
  const [zh, setZh] = useState(named?.name.zh ?? "");
  const [kilowatts, setKilowatts] = useState(
    named?.ratedAcW === undefined ? "" : String(named.ratedAcW / 1_000),
  );
  const [atGrid, setAtGrid] = useState(named?.atGrid ?? false);
  const [asked, setAsked] = useState(false);
  const faults = nameFaults(
    { tag, en, rated: kilowatts },
    taken.filter((one) => one !== named?.tag),
  );
  const fault = (field: keyof NameFaults) => {
    const key = faults[field];
    return asked && key && t(`admin:name.${key}`, { tag });
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (Object.keys(faults).length > 0) return;
    const rated = wattsOf(kilowatts);
    onNext({
      ...{ tag, kind, atGrid },
      name: { en: en.trim(), ...(zh.trim() !== "" && { zh: zh.trim() }) },
      ...(rated !== undefined && { ratedAcW: rated }),
    });
  };

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <TextInput
        label={t("admin:name.tag")}
        description={t("admin:name.tagHelp")}
        value={tag}
        onChange={({ currentTarget }) => setTag(currentTarget.value)}
        error={fault("tag")}
      />
      <TextInput
        className={styles.wide ?? ""}
        label={t("admin:name.en")}
        value={en}
        onChange={({ currentTarget }) => setEn(currentTarget.value)}
        error={fault("en")}
      />
      <TextInput
        className={styles.wide ?? ""}
        label={t("admin:name.zh")}
        description={t("admin:name.zhHelp")}
        value={zh}
        onChange={({ currentTarget }) => setZh(currentTarget.value)}
      />
      {kind === "inverter" && (
        <TextInput
          label={t("admin:name.rated")}
          inputMode="decimal"
          value={kilowatts}
          onChange={({ currentTarget }) => setKilowatts(currentTarget.value)}
          error={fault("rated")}
        />
      )}
      {kind === "meter" && (
        <label className={styles.row}>
          <input
            type="checkbox"
            checked={atGrid}
            onChange={({ currentTarget }) => setAtGrid(currentTarget.checked)}
          />
          {t("admin:name.atGrid")}
        </label>
      )}
      <div className={styles.row}>
        <Button onClick={onBack}>{t("admin:back")}</Button>
        <Button type="submit" className={styles.primary}>
          {t("admin:name.next")}
        </Button>
      </div>
    </form>
  );
}
