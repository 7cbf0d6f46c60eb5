import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { deviceSearch } from "../devices/device-search.ts";
import { sortSearch } from "../kit/sort-search.ts";
import { plantSearch } from "../plants/plant/plant-search.ts";
import { setAsideSearch } from "../plants/set-aside/set-aside-search.ts";
import type { Guarded } from "./access.ts";
import type { RouteContext } from "./context.ts";
import { NotFound } from "./not-found.tsx";
import { RouteError } from "./route-error.tsx";
import { sessionQuery } from "./session.ts";
import { wayBack } from "./sign-in/way-back.ts";

const root = createRootRouteWithContext<RouteContext>()();

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  // Said even when there is none: a key left out would keep what the address gave.
  validateSearch: ({ to }): { to?: string | undefined } => ({ to: wayBack(to) }),
  loader: ({ context: { texts } }) => texts.loadNamespaces("session"),
  component: lazyRouteComponent(() => import("./sign-in/sign-in.tsx"), "SignInScreen"),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ context: { http, client }, location }) => {
    const session = await client.ensureQueryData(sessionQuery(http));
    if (!session) throw redirect({ to: "/sign-in", search: { to: location.href } });
  },
  component: lazyRouteComponent(() => import("./shell/shell.tsx"), "Shell"),
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/overview" });
  },
});

const overview = createRoute({
  getParentRoute: () => shell,
  path: "/overview",
  validateSearch: sortSearch,
  loader: ({ context: { texts } }) => texts.loadNamespaces(["overview", "plant"]),
  component: lazyRouteComponent(() => import("../plants/overview/overview.tsx"), "Overview"),
});

const plant = createRoute({
  getParentRoute: () => shell,
  path: "/plants/$plant",
  validateSearch: plantSearch,
  loader: ({ context: { texts } }) => texts.loadNamespaces(["plant", "points"]),
  component: lazyRouteComponent(() => import("../plants/plant/plant.tsx"), "PlantScreen"),
});

const setAside = createRoute({
  getParentRoute: () => shell,
  path: "/plants/$plant/set-aside",
  validateSearch: setAsideSearch,
  loader: ({ context: { texts } }) => texts.loadNamespaces(["aside", "device", "points"]),
  component: lazyRouteComponent(
    () => import("../plants/set-aside/set-aside.tsx"),
    "SetAsideScreen",
  ),
});

const device = createRoute({
  getParentRoute: () => shell,
  path: "/devices/$device",
  validateSearch: deviceSearch,
  loader: ({ context: { texts } }) => texts.loadNamespaces(["device", "points"]),
  component: lazyRouteComponent(() => import("../devices/device.tsx"), "DeviceScreen"),
});

const adminTexts = ["admin", "order", "points", "device"];
const word = (value: unknown) => (typeof value === "string" ? value : undefined);

const adminHome = createRoute({
  getParentRoute: () => shell,
  path: "/admin",
  staticData: { guarded: "administration" },
  beforeLoad: () => {
    throw redirect({ to: "/admin/devices", replace: true });
  },
});

const adminDevices = createRoute({
  getParentRoute: () => shell,
  path: "/admin/devices",
  staticData: { guarded: "administration" },
  loader: ({ context: { texts } }) => texts.loadNamespaces(adminTexts),
  component: lazyRouteComponent(() => import("../admin/devices/devices.tsx"), "AdminDevices"),
});

const onboarding = createRoute({
  getParentRoute: () => shell,
  path: "/admin/devices/new",
  staticData: { guarded: "administration" },
  loader: ({ context: { texts } }) => texts.loadNamespaces(adminTexts),
  component: lazyRouteComponent(() => import("../admin/onboarding/onboarding.tsx"), "Onboarding"),
});

const deviceImport = createRoute({
  getParentRoute: () => shell,
  path: "/admin/devices/import",
  staticData: { guarded: "administration" },
  loader: ({ context: { texts } }) => texts.loadNamespaces([...adminTexts, "imports"]),
  component: lazyRouteComponent(() => import("../admin/imports/imports.tsx"), "DeviceImport"),
});

const replacing = createRoute({
  getParentRoute: () => shell,
  path: "/admin/devices/$device/replace",
  staticData: { guarded: "administration" },
  loader: ({ context: { texts } }) => texts.loadNamespaces([...adminTexts, "imports", "replace"]),
  component: lazyRouteComponent(() => import("../admin/replacing/replacing.tsx"), "ReplaceDevice"),
});

const adminGateways = createRoute({
  getParentRoute: () => shell,
  path: "/admin/gateways",
  staticData: { guarded: "administration" },
  validateSearch: ({ gateway }): { gateway?: string | undefined } => ({ gateway: word(gateway) }),
  loader: ({ context: { texts } }) => texts.loadNamespaces(adminTexts),
  component: lazyRouteComponent(() => import("../admin/gateways/gateways.tsx"), "AdminGateways"),
});

const adminRollouts = createRoute({
  getParentRoute: () => shell,
  path: "/admin/rollouts",
  staticData: { guarded: "administration" },
  loader: ({ context: { texts } }) => texts.loadNamespaces([...adminTexts, "rollout"]),
  component: lazyRouteComponent(() => import("../admin/rollouts/rollouts.tsx"), "AdminRollouts"),
});

const adminProfiles = createRoute({
  getParentRoute: () => shell,
  path: "/admin/profiles",
  staticData: { guarded: "administration" },
  validateSearch: ({
    profile,
    against,
  }): { profile?: string | undefined; against?: string | undefined } => ({
    profile: word(profile),
    against: word(against),
  }),
  loader: ({ context: { texts } }) => texts.loadNamespaces(adminTexts),
  component: lazyRouteComponent(() => import("../admin/profiles/profiles.tsx"), "AdminProfiles"),
});

const adminAudit = createRoute({
  getParentRoute: () => shell,
  path: "/admin/audit",
  staticData: { guarded: "administration" },
  loader: ({ context: { texts } }) => texts.loadNamespaces(["admin", "audit"]),
  component: lazyRouteComponent(() => import("../admin/audit/audit.tsx"), "AdminAudit"),
});

const admin = [
  adminHome,
  adminDevices,
  onboarding,
  deviceImport,
  replacing,
  adminGateways,
  adminRollouts,
  adminProfiles,
  adminAudit,
];

const setPoints = createRoute({
  getParentRoute: () => shell,
  path: "/devices/$device/set-points",
  staticData: { guarded: "setPoints" },
  loader: ({ context: { texts } }) =>
    texts.loadNamespaces(["setpoint", "order", "device", "points"]),
  component: lazyRouteComponent(
    () => import("../devices/set-points/set-points.tsx"),
    "SetPointsScreen",
  ),
});

const trace = createRoute({
  getParentRoute: () => shell,
  path: "/devices/$device/trace",
  staticData: { guarded: "trace" },
  loader: ({ context: { texts } }) => texts.loadNamespaces(["trace", "order", "device"]),
  component: lazyRouteComponent(() => import("../devices/trace/trace.tsx"), "TraceScreen"),
});

const me = createRoute({
  getParentRoute: () => shell,
  path: "/me",
  loader: ({ context: { texts } }) => texts.loadNamespaces("session"),
  component: lazyRouteComponent(() => import("./me/me.tsx"), "Me"),
});

/** Whoever is lost still has the ways to everything around. */
const nowhere = createRoute({ getParentRoute: () => shell, path: "$", component: NotFound });

const tree = root.addChildren([
  signIn,
  shell.addChildren([
    home,
    overview,
    plant,
    setAside,
    device,
    setPoints,
    trace,
    ...admin,
    me,
    nowhere,
  ]),
]);

/** The page's routes; every screen is loaded when it is first opened. */
export function openRouter(context: RouteContext) {
  return createRouter({
    routeTree: tree,
    context,
    defaultPreload: "intent",
    defaultErrorComponent: RouteError,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof openRouter>;
  }
  interface StaticDataRouteOption {
    /** What the route belongs to that not everybody may open: the shell keeps others out. */
    guarded?: Guarded;
  }
}
