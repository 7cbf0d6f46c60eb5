import { useTranslation } from "react-i18next";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { type LineFrame, lineFrames } from "./line-frames.ts";
import type { Piece } from "./pieces.ts";
import styles from "./trace.module.css";

type TraceTableProps = { readonly pieces: readonly Piece[]; readonly zone: string };

type Row = Piece & { readonly number: number };

/** What went over the line, the newest first, and what it says. */
export function TraceTable({ pieces, zone }: TraceTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useFrameWords();
  const rows = pieces.map((piece, i): Row => ({ ...piece, number: i + 1 })).reverse();
  const columns: DataColumn<Row>[] = [
    { id: "number", head: t("trace:number"), align: "end", cell: ({ number }) => number },
    { id: "at", head: t("trace:at"), cell: ({ at }) => format.instant(zone, at) },
    {
      id: "direction",
      head: t("trace:direction"),
      cell: ({ direction }) => t(`trace:direction.${direction}`),
    },
    {
      id: "says",
      head: t("trace:says"),
      cell: ({ direction, hex }) => lineFrames(direction, hex).map(say).join("; "),
    },
    {
      id: "bytes",
      head: t("trace:bytes"),
      cell: ({ hex }) => <code className={styles.bytes}>{inPairs(hex)}</code>,
    },
  ];
  return (
    <div className={styles.frame}>
      <DataTable
        caption={t("trace:line")}
        cards
        columns={columns}
        rows={rows}
        rowKey={({ number }) => String(number)}
      />
    </div>
  );
}

/** A frame in words. */
function useFrameWords(): (frame: LineFrame) => string {
  const { t, i18n } = useTranslation();
  return (frame) => {
    const { unit } = frame;
    switch (frame.says) {
      case "exception": {
        const { code } = frame;
        const key: string = `trace:exception.${code}`;
        return t("trace:say.exception", { unit, code, why: i18n.exists(key) ? t(key) : "" });
      }
      case "other":
        return t("trace:say.other", { unit, code: frame.function });
      default: {
        const { count, address = 0 } = frame;
        const what = t(`trace:table.${frame.table}`, { count });
        return t(`trace:say.${frame.says}`, { unit, what, address });
      }
    }
  };
}

function inPairs(hex: string): string {
  return hex.match(/../g)?.join(" ") ?? "";
}
