import { useTranslation } from "react-i18next";
import { Button } from "../../kit/button.tsx";
import { type Piece, traceFile, traceText } from "./pieces.ts";

type SaveTraceProps = { readonly tag: string; readonly pieces: readonly Piece[] };

/** Keeps a trace as a file on this machine. */
export function SaveTrace({ tag, pieces }: SaveTraceProps) {
  const { t } = useTranslation();
  const save = () => {
    const url = URL.createObjectURL(new Blob([traceText(tag, pieces)], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = traceFile(tag, pieces);
    link.click();
    URL.revokeObjectURL(url);
  };
  return <Button onClick={save}>{t("trace:save")}</Button>;
}
