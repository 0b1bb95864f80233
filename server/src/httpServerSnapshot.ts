// What the configuration of a host says of a server that hands out its store over HTTP: nix-serve, or harmonia in either place
// of its options.

import { type Datum, knownText } from "./core/eval/datum";
import type { Host } from "./core/fleet/fleet";
import type { HttpServerSnapshot } from "./protocol";

const OPTIONS = ["enable", "signKeyPaths", "signKeyPath", "secretKeyFile"] as const;

/** As a part of a host's snapshot; empty where no server is named. */
export function httpServerSnapshot(host: Host): { readonly httpServer?: HttpServerSnapshot } {
  const at = (option: string): Datum | undefined => host.effective.get(`services.${option}`);
  const named = (options: string) => OPTIONS.some(name => at(`${options}.${name}`) !== undefined);
  if (named("harmonia.cache") || named("harmonia")) {
    const flat = !named("harmonia.cache");
    const settings = `services.harmonia${flat ? "" : ".cache"}.settings`;
    const written = host.options.filter(({ option }) => option.join(".") === settings);
    return { httpServer: { service: "harmonia", port: bindPort(written.map(({ value }) => value)), flat } };
  }
  if (!named("nix-serve")) return {};
  const port = at("nix-serve.port");
  return {
    httpServer: {
      service: "nix-serve",
      port: port === undefined ? DEFAULT_PORT : wholeNumber(port),
      flat: false,
    },
  };
}

const DEFAULT_PORT = 5000;

/** The port of harmonia's `bind`, an address such as `[::]:5000`, in whichever of its settings it stands. */
function bindPort(settings: readonly Datum[]): number | null {
  let port: number | null = DEFAULT_PORT;
  for (const each of settings) {
    const bind = each.kind === "attrs" ? each.entries.get("bind")?.value : undefined;
    if (bind === undefined && each.kind === "attrs" && each.complete) continue;
    const digits = bind === undefined ? undefined : /:(\d{1,5})$/.exec(knownText(bind) ?? "")?.[1];
    port = digits === undefined ? null : Number(digits);
  }
  return port;
}

function wholeNumber(datum: Datum): number | null {
  const value = datum.kind === "scalar" ? datum.value : undefined;
  return typeof value === "bigint" || typeof value === "number" ? Number(value) : null;
}
