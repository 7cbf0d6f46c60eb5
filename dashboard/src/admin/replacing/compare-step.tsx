import { TextInput } from "@mantine/core";
import type { DeviceDetail } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { latestQuery } from "../../devices/queries.ts";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import styles from "../../kit/form.module.css";
import { joined, missing } from "../../kit/format.ts";
import { usePointLabel } from "../../points/point-label.ts";
import { useWriteValue } from "../../points/write-value.ts";
import { deviceAt, setByHand } from "../document.ts";
import { wattsOf } from "../onboarding/name-faults.ts";
import type { Read } from "../onboarding/test-step.tsx";
import { PushStep } from "../push-step.tsx";
import { type CounterPair, countersOf, told } from "./compare.ts";
import type { NewPlace } from "./place-step.tsx";
import { useReplace } from "./use-replace.ts";

type CompareStepProps = {
  readonly device: DeviceDetail;
  readonly gateway: string;
  readonly place: NewPlace;
  readonly read: Read;
  readonly onBack: () => void;
  readonly onNext: () => void;
};

/** Both devices side by side; from here on the new one is polled under the old one's name. */
export function CompareStep({ device, gateway, place, read, onBack, onNext }: CompareStepProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const { data: latest } = useQuery(latestQuery(http, device.id));
  const { reading } = read;
  const said = {
    before: device.texts["id.serial"] ?? "",
    after: reading.texts["id.serial"] ?? "",
  };
  const [typed, setTyped] = useState(said);
  const word = told(said);
  const own = deviceAt(place.document, device.tag);
  const byHand = setByHand(own ?? {});
  // Another kind of device reads its ratios itself, or has other points.
  const [keepsSet, setKeepsSet] = useState(own?.profile === place.profile);
  const rating = useRating(device);
  const { replace, isDone, ...pushed } = useReplace({ device, gateway, place, read });
  useEffect(() => {
    if (isDone) onNext();
  }, [isDone, onNext]);
  const counters = countersOf(device.points, latest?.values ?? [], reading);

  return (
    <div className={styles.page}>
      <Facts device={device} reading={reading} place={place} />
      {word === "same" && <p role="note">{t("replace:same")}</p>}
      {word === "nothing" && (
        <div className={styles.form}>
          <p>{t("replace:silent")}</p>
          {(["before", "after"] as const).map((which) => (
            <TextInput
              key={which}
              label={t(`replace:serial.${which}`)}
              value={typed[which]}
              maxLength={200}
              disabled={said[which] !== ""}
              onChange={({ currentTarget }) => setTyped({ ...typed, [which]: currentTarget.value })}
            />
          ))}
        </div>
      )}
      {byHand.length > 0 && (
        <div className={styles.form}>
          <p>{t("replace:byHand", { what: byHand.join(", ") })}</p>
          <label>
            <input
              type="checkbox"
              checked={keepsSet}
              onChange={({ currentTarget }) => setKeepsSet(currentTarget.checked)}
            />{" "}
            {t("replace:keepByHand")}
          </label>
        </div>
      )}
      {device.kind === "inverter" && (
        <div className={styles.form}>
          <TextInput
            label={t("admin:name.rated")}
            description={t("replace:ratedHelp")}
            inputMode="decimal"
            value={rating.typed}
            onChange={({ currentTarget }) => rating.type(currentTarget.value)}
            error={rating.isWrong && t("admin:name.ratedWrong")}
          />
        </div>
      )}
      <p>{t("replace:counters")}</p>
      <Counters rows={counters} />
      <PushStep
        pushed={pushed}
        label={t(word === "same" ? "replace:move" : "replace:go", { tag: device.tag })}
        disabled={rating.isWrong}
        onBack={onBack}
        onPush={() =>
          replace({
            keepsSet,
            ...(word === "nothing" && { who: typed }),
            ...(rating.changed && { rating: rating.changed }),
          })
        }
      />
    </div>
  );
}

/** What the new device is rated for, as somebody types it; `changed` where that is another power. */
function useRating({ ratedAcW: before, ratedDcW }: DeviceDetail) {
  const [typed, type] = useState(before === undefined ? "" : String(before / 1_000));
  const ratedAcW = wattsOf(typed);
  const isWrong = ratedAcW !== undefined && !(ratedAcW >= 0 && ratedAcW < 1e12);
  const rating = {
    ...(ratedAcW !== undefined && { ratedAcW }),
    ...(ratedDcW !== undefined && { ratedDcW }),
  };
  return { typed, type, isWrong, changed: ratedAcW === before ? undefined : rating };
}

type Fact = { readonly name: string; readonly before: string; readonly after: string };

type FactsProps = Pick<CompareStepProps, "device" | "place"> & Pick<Read, "reading">;

function Facts({ device, reading, place }: FactsProps) {
  const { t } = useTranslation();
  const own = deviceAt(place.document, device.tag);
  const serialOf = (texts: DeviceDetail["texts"]) => texts["id.serial"] || missing;
  const nameOf = (texts: DeviceDetail["texts"]) =>
    [texts["id.manufacturer"], texts["id.model"]].filter(Boolean).join(" ") || missing;
  const facts: readonly Fact[] = [
    { name: t("replace:serial"), before: serialOf(device.texts), after: serialOf(reading.texts) },
    { name: t("replace:model"), before: nameOf(device.texts), after: nameOf(reading.texts) },
    { name: t("admin:commission.url"), before: own?.url ?? missing, after: place.url },
    { name: t("admin:profile"), before: own?.profile ?? missing, after: place.profile },
  ];
  const columns: DataColumn<Fact>[] = [
    { id: "name", head: t("replace:what"), cell: ({ name }) => name },
    { id: "before", head: t("replace:old"), cell: ({ before }) => before },
    { id: "after", head: t("replace:new"), cell: ({ after }) => after },
  ];
  return (
    <DataTable
      caption={t("replace:devices")}
      cards
      columns={columns}
      rows={facts}
      rowKey={({ name }) => name}
    />
  );
}

function Counters({ rows }: { readonly rows: readonly CounterPair[] }) {
  const { t } = useTranslation();
  const label = usePointLabel();
  const write = useWriteValue();
  const written = (value: CounterPair["before"], unit: string) => {
    const text = value === undefined ? undefined : write(value, unit);
    return text ? joined(text) : missing;
  };
  if (rows.length === 0) return <p className={styles.quiet}>{t("replace:noCounters")}</p>;
  const columns: DataColumn<CounterPair>[] = [
    { id: "point", head: t("replace:counter"), cell: ({ point }) => label(point) },
    {
      id: "before",
      head: t("replace:last"),
      align: "end",
      cell: ({ before, unit }) => written(before, unit),
    },
    {
      id: "after",
      head: t("replace:first"),
      align: "end",
      cell: ({ after, unit }) => written(after, unit),
    },
  ];
  return (
    <DataTable
      caption={t("replace:countersOf")}
      cards
      columns={columns}
      rows={rows}
      rowKey={({ point }) => point}
    />
  );
}
