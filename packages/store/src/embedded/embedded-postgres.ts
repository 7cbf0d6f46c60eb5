export type EmbeddedPostgres = {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly port: number;
  stop(): Promise<void>;
};

export function startEmbeddedPostgres(_options: {
  readonly dataDir: string;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  readonly name: string;
}): Promise<EmbeddedPostgres> {
  throw new Error("not built");
}
