import type { Freshness } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { inDoubt, joined, missing } from "../../kit/format.ts";
import { Panel } from "../../kit/panel.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { isCurrent, isKnown } from "../../live/freshness.ts";
import type { PlantRow } from "../overview/plant-row.ts";
import type { Peer } from "./deviation.ts";
import { type Flow, loadOf, type Source, sourcesOf } from "./energy-flow.ts";
import styles from "./one-line.module.css";

type OneLineProps = {
  readonly row: PlantRow;
  readonly peers: readonly Peer[];
  readonly className?: string | undefined;
};

const boxHeight = 42;
/** Flows under this are drawn without an arrow. */
const stillWatts = 1;

const told = (text: string, doubtful: boolean) => (doubtful ? inDoubt(text) : text);

/** Where the power comes from and where it goes. */
export function OneLine({ row, peers, className }: OneLineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const power = ({ value, doubtful }: Flow) =>
    value === null ? missing : told(joined(format.measure(value, "W")), doubtful);
  const sources = sourcesOf(peers);
  const load = loadOf(row);
  const { powerW: generation, exportW } = row;
  const out = exportW.value;
  const importing = out !== null && out < 0;
  const atGrid = { ...exportW, value: out === null ? null : Math.abs(out) };
  const step = 54;
  const busEnd = Math.max(170, 24 + sources.length * step);
  const middle = busEnd / 2 + 4;
  const label = t("plant:flow.summary", {
    generation: power(generation),
    load: power(load),
    grid: power(atGrid),
    direction: t(importing ? "plant:flow.import" : "plant:flow.export"),
  });

  return (
    <Panel
      title={t("plant:oneLine")}
      className={className}
      extra={
        <span className={styles.note}>
          {t(isCurrent(row.state) ? "plant:oneLine.live" : `kit:state.${row.state}`)}
        </span>
      }
    >
      <svg
        className={styles.diagram}
        viewBox={`0 0 520 ${busEnd + 62}`}
        role="img"
        aria-label={label}
      >
        <defs>
          <marker
            id="flow-arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="10"
            markerHeight="10"
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
          >
            <path d="M0 0L8 4L0 8Z" className={styles.arrow} />
          </marker>
        </defs>
        {sources.map((source, index) => (
          <SourceBox
            key={source.key}
            source={source}
            y={14 + index * step}
            value={power(source.power)}
          />
        ))}
        <path d={`M236 12V${busEnd}`} className={styles.bus} />
        <text x="246" y="24">
          {t("plant:oneLine.bus")}
        </text>
        <text x="246" y="40" className={styles.value} data-state={generation.state}>
          {power(generation)}
        </text>
        <Line d={`M239 ${middle}H356`} flow={exportW} />
        <Box
          x={360}
          y={middle - boxHeight / 2}
          width={152}
          name={t("plant:oneLine.grid")}
          value={`${power(atGrid)}${direction(exportW)}`}
          state={exportW.state}
        />
        <text x="436" y={middle + 38} textAnchor="middle">
          {flows(exportW) && t(importing ? "plant:flow.import" : "plant:flow.export")}
        </text>
        <Line d={`M236 ${busEnd}V${busEnd + 32}H356`} flow={load} />
        <Box
          x={360}
          y={busEnd + 11}
          width={152}
          name={t("plant:oneLine.load")}
          value={power(load)}
          state={load.state}
        />
      </svg>
    </Panel>
  );
}

type SourceBoxProps = { readonly source: Source; readonly y: number; readonly value: string };

function SourceBox({ source, y, value }: SourceBoxProps) {
  const { t } = useTranslation();
  const { first, last, count, known, power, state } = source;
  const group = count === 1 ? first : t("plant:oneLine.group", { first, last });
  const whole = count === 1 || known === count;
  const name = whole ? group : t("plant:oneLine.part", { name: group, reporting: known, count });
  return (
    <g>
      <Box
        x={8}
        y={y}
        width={160}
        name={name}
        value={value}
        state={state}
        valueState={power.state}
      />
      <Line d={`M168 ${y + boxHeight / 2}H232`} flow={power} />
    </g>
  );
}

type BoxProps = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly name: string;
  readonly value: string;
  readonly state: Freshness;
  /** The value's own state, where it holds for less than the whole box. */
  readonly valueState?: Freshness;
};

function Box({ x, y, width, name, value, state, valueState }: BoxProps) {
  return (
    <g className={styles.box} data-state={state}>
      <rect x={x} y={y} width={width} height={boxHeight} rx="3" />
      <text x={x + width / 2} y={y + 16} textAnchor="middle">
        {name}
      </text>
      <text
        x={x + width / 2}
        y={y + 33}
        textAnchor="middle"
        className={styles.value}
        data-state={valueState ?? state}
      >
        {value}
      </text>
    </g>
  );
}

type LineProps = { readonly d: string; readonly flow: Flow };

/** A line with an arrow along the power; dashed while it is not known. */
function Line({ d, flow }: LineProps) {
  const end = (flow.value ?? 0) < 0 ? "markerStart" : "markerEnd";
  const marker = flows(flow) ? { [end]: "url(#flow-arrow)" } : {};
  return <path d={d} className={styles.flow} data-known={hasDirection(flow)} {...marker} />;
}

/** What is not current tells nothing of where power goes now. */
function hasDirection({ value, state }: Flow): boolean {
  return value !== null && isKnown(state);
}

function flows(flow: Flow): boolean {
  return hasDirection(flow) && Math.abs(flow.value ?? 0) >= stillWatts;
}

function direction(flow: Flow): string {
  if (!flows(flow)) return "";
  return (flow.value ?? 0) < 0 ? " ←" : " →";
}
