import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../kit/empty-state.tsx";
import { joined, missing } from "../../kit/format.ts";
import { Panel } from "../../kit/panel.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { isCurrent } from "../../live/freshness.ts";
import { deviationLook, type Peer } from "./deviation.ts";
import styles from "./inverter-grid.module.css";
import { useInverterName } from "./inverter-name.ts";

type InverterGridProps = {
  readonly peers: readonly Peer[];
  readonly now: number;
  readonly zone: string;
  readonly className?: string | undefined;
};

/** A few inverters do not become posters, pixels. */
const highestCell = 170;

/** The inverters beside each other: power by rating against the median of the peers. */
export function InverterGrid({ peers, now, zone, className }: InverterGridProps) {
  const { t } = useTranslation();
  const grid = useRef<HTMLUListElement>(null);
  const columns = columnsOf(peers.length);
  const nameOf = useInverterName(now, zone);

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
    };
    const step = steps[event.key];
    const cells = [...(grid.current?.querySelectorAll("a") ?? [])];
    const next = cells[cells.indexOf(event.target as HTMLAnchorElement) + (step ?? 0)];
    if (step === undefined || !next) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <Panel title={t("plant:grid")} className={className} extra={<Legend />}>
      {peers.length === 0 ? (
        <EmptyState title={t("plant:grid.empty")} why={t("plant:grid.emptyWhy")} />
      ) : (
        <ul
          ref={grid}
          className={styles.grid}
          style={{
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            maxHeight: Math.ceil(peers.length / columns) * highestCell,
          }}
          onKeyDown={onKeyDown}
        >
          {peers.map((peer) => (
            <Cell key={peer.device.id} peer={peer} name={nameOf(peer)} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

type CellProps = { readonly peer: Peer; readonly name: string };

function Cell({ peer: { device, state, deviation, power }, name }: CellProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const current = isCurrent(state);
  const look = current && deviation !== null ? deviationLook(deviation) : undefined;
  const percent = deviation === null ? undefined : format.signed(deviation * 100, 1);
  const watts =
    typeof power?.value === "number" ? joined(format.measure(power.value, "W")) : missing;
  const said = current ? (percent ?? watts) : t(`kit:state.${state}`);
  return (
    <li>
      <Link
        to="/devices/$device"
        params={{ device: device.id }}
        className={styles.cell}
        aria-label={name}
        title={name}
        data-state={state}
        data-deep={look?.deep}
        style={look ? { background: look.background } : {}}
      >
        <span>{device.tag}</span> <strong>{said}</strong>
      </Link>
    </li>
  );
}

function Legend() {
  return (
    <span className={styles.legend} aria-hidden="true">
      <i style={{ background: "var(--dev-lo)" }} />≤ −15
      <i style={{ background: "var(--dev-mid)" }} />0
      <i style={{ background: "var(--dev-hi)" }} />≥ +8
    </span>
  );
}

/** As near to twice as wide as high as the number allows. */
function columnsOf(count: number): number {
  return Math.max(1, Math.min(12, Math.ceil(Math.sqrt(count * 2))));
}
