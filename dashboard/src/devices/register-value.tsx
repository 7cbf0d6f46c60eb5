import type { DeviceDetail } from "@sunledger/model";
import { RangeBar } from "../kit/range-bar.tsx";
import { Value } from "../kit/value.tsx";
import { isCurrent } from "../live/freshness.ts";
import { useWriteValue } from "../points/write-value.ts";
import styles from "./device.module.css";
import { rangeOf } from "./range-of.ts";
import type { RegisterRow } from "./register-row.ts";
import { SetBits } from "./set-bits.tsx";
import { useStateWords } from "./state-words.ts";

type RegisterValueProps = { readonly device: DeviceDetail; readonly row: RegisterRow };

/** A register's value, a state in words, the bits that are set, and where it lies in its range if it has one. */
export function RegisterValue({ device, row: { point, standing } }: RegisterValueProps) {
  const write = useWriteValue();
  const wordsOf = useStateWords();
  const { value, state, flag } = standing;
  const range = typeof value === "number" ? rangeOf(point, device) : undefined;
  const words = wordsOf(value, point);
  return (
    <>
      <Value
        written={words ? { number: words.text, unit: "" } : write(value, point.unit, point.scale)}
        state={state}
        flag={flag}
        title={words?.title}
      />
      {point.bits && <SetBits value={value} bits={point.bits} />}
      {range && typeof value === "number" && (
        <span className={styles.range}>
          <RangeBar {...range} value={isCurrent(state) ? value : null} />
        </span>
      )}
    </>
  );
}
