// Which nodes the checks of deploy-rs build, system by system.

import type { AttrsValue, Lazy } from "../eval/value";
import { deployChecks } from "../models/activation";
import type { Span } from "../text/span";
import type { FlakeOutputs } from "./fleet";
import type { Reading } from "./reading";

/** The checks that `deployChecks` made, each with the nodes of the output that it was given. */
export function checkedNodes(reading: Reading, outputs: AttrsValue): FlakeOutputs["deployChecks"] {
  const { ctx } = reading;
  const place = (span: Span | undefined): Span => reading.place(span);
  return ctx.speculate(() => {
    const attrs = (lazy: Lazy | undefined): AttrsValue | undefined => {
      const value = lazy === undefined ? undefined : ctx.force(lazy);
      return value?.kind === "attrs" ? value : undefined;
    };
    const systems = attrs(outputs.attrs.get("checks")?.value)?.attrs ?? new Map();
    return [...systems].flatMap(([system, checks]) => {
      const check = attrs(attrs(checks.value)?.attrs.get("deploy-activate")?.value);
      const made = check === undefined ? undefined : deployChecks.of(check);
      const nodes = attrs(attrs(made?.deploy)?.attrs.get("nodes")?.value);
      return nodes === undefined ? [] : [{ system, nodes: [...nodes.attrs.keys()], span: place(made?.site) }];
    });
  });
}
