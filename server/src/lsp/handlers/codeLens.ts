// textDocument/codeLens: Deploy, Review and Build over the hosts that a file defines.

import type { CodeLens, CodeLensParams } from "vscode-languageserver/node";
import { type HostLens, hostLenses } from "../../core/features/codeLenses";
import { pathOfUri } from "../conversions";
import type { Session } from "../session";

const ACTIONS = [
  ["Deploy", "nixDeploy.deploy"],
  ["Review", "nixDeploy.review"],
  ["Build", "nixDeploy.build"],
] as const;

export async function codeLens(
  session: Session,
  { textDocument }: CodeLensParams,
  signal: AbortSignal,
): Promise<CodeLens[]> {
  if (!session.config.codeLens) return [];
  const path = pathOfUri(textDocument.uri);
  const analysis = await session.settledAnalysis(signal);
  return hostLenses(analysis, path).flatMap(lens => toLenses(session, lens));
}

/** One host is named by its string; where many are made in one place the command gets all of them. */
function toLenses(session: Session, { span, hosts }: HostLens): CodeLens[] {
  const range = session.lines.range(span);
  const [first] = hosts;
  if (range === undefined || first === undefined) return [];
  return ACTIONS.map(([verb, command]) => ({
    range,
    command:
      hosts.length === 1
        ? { title: verb, command, arguments: [first] }
        : { title: `${verb} ${hosts.length} hosts`, command, arguments: [{ hosts: [...hosts] }] },
  }));
}
