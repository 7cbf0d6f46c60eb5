import type { DeviceDetail } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { NamedPlace } from "../../app/named-place.tsx";
import { useParts } from "../../app/parts.ts";
import { useLocalText } from "../../app/shell/scope.ts";
import { deviceQuery } from "../../devices/queries.ts";
import { EmptyState } from "../../kit/empty-state.tsx";
import styles from "../../kit/form.module.css";
import { Panel } from "../../kit/panel.tsx";
import { useChanges } from "../../orders/use-changes.ts";
import { AdminTabs } from "../admin-tabs.tsx";
import { LiveStep } from "../onboarding/live-step.tsx";
import { type Read, TestStep } from "../onboarding/test-step.tsx";
import { StepList } from "../step-list.tsx";
import { CompareStep } from "./compare-step.tsx";
import { type NewPlace, PlaceStep } from "./place-step.tsx";

/** Puts another device into the place of one: its history stays and goes on. */
export function ReplaceDevice() {
  const { device: id } = useParams({ from: "/shell/admin/devices/$device/replace" });
  const { http } = useParts();
  useChanges();
  const query = useQuery(deviceQuery(http, id));
  return (
    <div className={styles.page}>
      <AdminTabs />
      <NamedPlace what="device" query={query}>
        {(device) => <Replacing key={device.id} device={device} />}
      </NamedPlace>
    </div>
  );
}

const steps = ["place", "test", "compare", "live"] as const;

function Replacing({ device }: { readonly device: DeviceDetail }) {
  const { t } = useTranslation();
  const text = useLocalText();
  useEffect(() => {
    document.title = `${t("replace:title", { tag: device.tag })} · Sunledger`;
  }, [t, device.tag]);
  const { gateway } = device;
  return (
    <>
      <header className={styles.heading}>
        <h1>{t("replace:title", { tag: device.tag })}</h1>
        <span className={styles.quiet}>{text(device.name)}</span>
      </header>
      {gateway === undefined ? (
        <EmptyState
          title={t("replace:unpolled")}
          why={t("replace:unpolledWhy")}
          action={<Link to="/admin/devices">{t("admin:live.list")}</Link>}
        />
      ) : (
        <Wizard device={device} gateway={gateway} />
      )}
    </>
  );
}

type WizardProps = { readonly device: DeviceDetail; readonly gateway: string };

function Wizard({ device, gateway }: WizardProps) {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const [place, setPlace] = useState<NewPlace>();
  const [read, setRead] = useState<Read>();
  const heading = useRef<HTMLDivElement>(null);
  const go = (step: number) => {
    setAt(step);
    // Whoever reads by ear is told that another step has begun.
    heading.current?.focus();
  };
  return (
    <>
      <StepList at={at} steps={steps.map((step) => t(`replace:step.${step}`))} />
      <div ref={heading} tabIndex={-1}>
        <Panel title={t(`replace:step.${steps[at]}`)}>
          {at === 0 && (
            <PlaceStep
              device={device}
              gateway={gateway}
              place={place}
              onNext={(given) => {
                setPlace(given);
                go(1);
              }}
            />
          )}
          {at === 1 && place && (
            <TestStep
              gateway={gateway}
              url={place.url}
              profile={place.profile}
              onBack={() => go(0)}
              onNext={(found) => {
                setRead(found);
                go(2);
              }}
            />
          )}
          {at === 2 && place && read && (
            <CompareStep
              device={device}
              gateway={gateway}
              place={place}
              read={read}
              onBack={() => go(1)}
              onNext={() => go(3)}
            />
          )}
          {at === 3 && <LiveStep plant={device.plant} tag={device.tag} />}
        </Panel>
      </div>
    </>
  );
}
