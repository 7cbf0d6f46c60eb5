import type { FastifyRequest } from "fastify";

/** How many orders one user may give in a minute: more than a person does, less than a loop. */
export const orderLimit = {
  max: 60,
  timeWindow: 60_000,
  // Counted once it is known who asks, not by the address that many share.
  hook: "preHandler",
  keyGenerator: ({ who, ip }: FastifyRequest) => `order ${who?.user.id ?? ip}`,
} as const;
