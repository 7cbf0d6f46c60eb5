export type Asked = {
  readonly transaction: number;
  readonly unit: number;
};

/** The bytes of an answer; every part of the header can be made wrong. */
export function answerBytes(
  { transaction, unit }: Asked,
  pdu: readonly number[],
  { protocol = 0, length = pdu.length + 1 } = {},
): Buffer {
  const head = [transaction >> 8, transaction & 0xff, protocol >> 8, protocol & 0xff];
  return Buffer.from([...head, length >> 8, length & 0xff, unit, ...pdu]);
}

/** A good answer to a read of registers: holding ones, unless the function says otherwise. */
export function goodPdu(words: readonly number[], code = 3): number[] {
  return [code, words.length * 2, ...words.flatMap((word) => [word >> 8, word & 0xff])];
}

/** The refusal of a function. */
export function exceptionPdu(exception: number, code = 3): number[] {
  return [code | 0x80, exception];
}

/** What confirms a write: 5 and 6 say it again, 15 and 16 where and how many. */
export function confirmingPdu({
  code,
  address,
  count,
  words: [first = 0],
}: {
  readonly code: number;
  readonly address: number;
  readonly count: number;
  readonly words: readonly number[];
}): number[] {
  const second = code === 5 ? first * 0xff00 : code === 6 ? first : count;
  return [code, address >> 8, address & 0xff, second >> 8, second & 0xff];
}
