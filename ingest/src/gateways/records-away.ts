/** The records cannot be asked now; frames and their store may be well. */
export class RecordsAway extends Error {
  override readonly name = "RecordsAway";

  constructor(gateway: string, cause: unknown) {
    super(`the records cannot be asked who gateway ${gateway} is`, { cause });
  }
}
