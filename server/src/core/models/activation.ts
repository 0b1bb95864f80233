// deploy-rs' library. Its results remember what they wrapped, so that a profile's path still says which configuration
// it activates.

import {
  type Attr,
  type AttrsValue,
  attrOf,
  attrsOf,
  attrsValue,
  type Lazy,
  lazily,
  openAttrs,
  stringValue,
  unknownValue,
  type Value,
} from "../eval/value";
import { Model } from "../modules/model";
import { type Call, native1, native2, native3 } from "../modules/native";
import type { Span } from "../text/span";

export type ActivationKind = "nixos" | "home-manager" | "darwin" | "custom" | "noop" | "setActivate";

/** A profile's path made by deploy-rs' library. */
export interface Activation {
  readonly kind: ActivationKind;
  /** What it was applied to. */
  readonly argument: Lazy;
  /** `deploy-rs.lib.<system>`; undefined where the library came another way. */
  readonly system: string | undefined;
  /** The whole call. */
  readonly site: Span | undefined;
}

export const activations = new Model<Activation>();

/** The check `deploy-activate`, which builds every node of the output that it was made for. */
export const deployChecks = new Model<{ readonly deploy: Lazy; readonly site: Span | undefined }>();

function wrapped(call: Call, activation: Omit<Activation, "site">): Value {
  const set = openAttrs(
    attrsOf({
      type: stringValue("derivation"),
      outPath: unknownValue("the store path of a profile"),
      ...(activation.system === undefined ? {} : { system: stringValue(activation.system) }),
    }).attrs,
    "a part of a deploy-rs profile",
    call.site,
  );
  return activations.mark(set, { ...activation, site: call.site });
}

/** `custom` can be extended by `//` with other scripts before it is called. */
function custom(system: string | undefined): AttrsValue {
  const functor = native3("custom", (call, _self, argument, _script) =>
    wrapped(call, { kind: "custom", argument, system }),
  );
  return attrsValue(new Map([["__functor", attrOf(functor)]]));
}

function activationLib(system: string | undefined): AttrsValue {
  const simple = (kind: ActivationKind): Lazy =>
    native1(kind, (call, argument) => wrapped(call, { kind, argument, system }));
  const activate = attrsOf({
    custom: custom(system),
    nixos: simple("nixos"),
    "home-manager": simple("home-manager"),
    darwin: simple("darwin"),
    noop: simple("noop"),
  });
  return attrsOf({
    activate,
    setActivate: native2("setActivate", (call, argument) =>
      wrapped(call, { kind: "setActivate", argument, system }),
    ),
    deployChecks: native1("deployChecks", ({ site }, deploy) => {
      const check = attrsOf({ type: stringValue("derivation") }).attrs;
      const activate = openAttrs(check, "a check of deploy-rs", site);
      return attrsOf(
        {
          "deploy-schema": unknownValue("a check of deploy-rs", site),
          "deploy-activate": deployChecks.mark(activate, { deploy, site }),
        },
        site,
      );
    }),
  });
}

const SYSTEMS = ["x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin"];

/** The outputs of the deploy-rs flake. */
export function deployRsOutputs(): ReadonlyMap<string, Attr> {
  const libs = new Map(SYSTEMS.map(system => [system, attrOf(activationLib(system))]));
  const overlay = native2("deploy-rs overlay", ({ site }, final) =>
    attrsOf(
      {
        "deploy-rs": attrsOf({
          "deploy-rs": unknownValue("comes from pkgs", site),
          lib: lazily(ctx => {
            const system = ctx.select(final, "system", site);
            return activationLib(system.kind === "string" ? system.text : undefined);
          }),
        }),
      },
      site,
    ),
  );
  return new Map([
    ["lib", attrOf(attrsValue(libs))],
    ["overlay", attrOf(overlay)],
    ["overlays", attrOf(attrsOf({ default: overlay }))],
  ]);
}
