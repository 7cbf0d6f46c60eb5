import { ProfileDetail, ProfileList } from "@sunledger/model";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { ApiError } from "../errors.ts";
import type { ProfileLibrary } from "./profile-library.ts";
import { profileDetail, profileSummary } from "./profile-view.ts";

const ProfileParams = z.object({ profile: z.string().max(80) });

export type ProfileRoutesOptions = { readonly profiles: ProfileLibrary };

/** The device profiles that are shipped or installed: the same for every organisation. */
export const profileRoutes: FastifyPluginAsyncZod<ProfileRoutesOptions> = async (app, options) => {
  const { profiles } = options;
  const tags = ["profiles"];

  app.get(
    "/profiles",
    {
      config: { access: "viewer" },
      schema: { tags, summary: "All device profiles", response: answers(ProfileList) },
    },
    async () => ({ profiles: [...profiles.values()].map(profileSummary) }),
  );

  app.get(
    "/profiles/:profile",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "A device profile with its registers" },
        params: ProfileParams,
        response: answers(ProfileDetail),
      },
    },
    async ({ params }) => {
      const found = profiles.get(params.profile);
      if (found) return profileDetail(found);
      throw new ApiError("profiles.unknown", `There is no profile ${params.profile}.`);
    },
  );
};
