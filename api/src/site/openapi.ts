import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";

/** Describes every route that is registered after it as OpenAPI. */
export async function describeRoutes(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Sunledger",
        version,
        description:
          "Plants, devices and what they measure. Powers are watts, energies watt-hours, times UTC. Signs are the catalogue's: a meter's import and an inverter's delivery are positive.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      components: {
        securitySchemes: {
          session: {
            type: "apiKey",
            in: "cookie",
            name: "sunledger.session_token",
            description: "Set by `POST /api/v1/session`.",
          },
        },
      },
      security: [{ session: [] }],
    },
    transform: (document) => jsonSchemaTransform(document),
  });
}

/** The description as a document and as a page to read and try it. */
export async function serveDescription(app: FastifyInstance): Promise<void> {
  app.get("/api/v1/openapi.json", { schema: { hide: true } }, () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: "/api/docs",
    uiConfig: { url: "/api/v1/openapi.json", validatorUrl: null, tryItOutEnabled: true },
  });
}
