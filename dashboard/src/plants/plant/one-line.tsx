import { useElementSize } from "@mantine/hooks";
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
import { type Frame, oneLineLayout } from "./one-line-layout.ts";

type OneLineProps = {
  readonly row: PlantRow;
  readonly peers: readonly Peer[];
  readonly className?: string | undefined;
};

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
  const { ref, width, height } = useElementSize();
  const place = oneLineLayout({ width, height }, sources.length);
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
      <div ref={ref} className={styles.frame}>
        <svg
          className={styles.diagram}
          width={place.width}
          height={place.height}
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
              frame={place.source(index)}
              busX={place.busX}
              value={power(source.power)}
            />
          ))}
          <path d={`M${place.busX} 4V${place.height - 4}`} className={styles.bus} />
          <text x={place.busX + 10} y="16">
            {t("plant:oneLine.bus")}
          </text>
          <text x={place.busX + 10} y="33" className={styles.value} data-state={generation.state}>
            {power(generation)}
          </text>
          <Line d={toBox(place.busX, place.grid)} flow={exportW} />
          <Box
            frame={place.grid}
            name={t("plant:oneLine.grid")}
            value={`${power(atGrid)}${direction(exportW)}`}
            state={exportW.state}
          />
          <text
            x={place.grid.x + place.grid.width / 2}
            y={place.grid.y + place.grid.height + 15}
            textAnchor="middle"
          >
            {flows(exportW) && t(importing ? "plant:flow.import" : "plant:flow.export")}
          </text>
          <Line d={toBox(place.busX, place.load)} flow={load} />
          <Box
            frame={place.load}
            name={t("plant:oneLine.load")}
            value={power(load)}
            state={load.state}
          />
        </svg>
      </div>
    </Panel>
  );
}

/** A line from the bus to the near side of a box. */
function toBox(busX: number, { x, y, height }: Frame): string {
  return `M${busX + 3} ${y + height / 2}H${x - 4}`;
}

type SourceBoxProps = {
  readonly source: Source;
  readonly frame: Frame;
  readonly busX: number;
  readonly value: string;
};

function SourceBox({ source, frame, busX, value }: SourceBoxProps) {
  const { t } = useTranslation();
  const { first, last, count, known, power, state } = source;
  const group = count === 1 ? first : t("plant:oneLine.group", { first, last });
  const whole = count === 1 || known === count;
  const name = whole ? group : t("plant:oneLine.part", { name: group, reporting: known, count });
  return (
    <g>
      <Box frame={frame} name={name} value={value} state={state} valueState={power.state} />
      <Line
        d={`M${frame.x + frame.width} ${frame.y + frame.height / 2}H${busX - 4}`}
        flow={power}
      />
    </g>
  );
}

type BoxProps = {
  readonly frame: Frame;
  readonly name: string;
  readonly value: string;
  readonly state: Freshness;
  /** The value's own state, where it holds for less than the whole box. */
  readonly valueState?: Freshness;
};

function Box({ frame, name, value, state, valueState }: BoxProps) {
  const { x, y, width, height } = frame;
  const middle = y + height / 2;
  return (
    <g className={styles.box} data-state={state}>
      <rect x={x} y={y} width={width} height={height} rx="3" />
      <text x={x + width / 2} y={middle - 4} textAnchor="middle">
        {name}
      </text>
      <text
        x={x + width / 2}
        y={middle + 12}
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
