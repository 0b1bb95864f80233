// textDocument/codeLens: Deploy, Review, Build and what is known of their state, over the hosts that a file defines.

import type { CodeLens, CodeLensParams, Command } from "vscode-languageserver/node";
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
function toLenses(session: Session, lens: HostLens): CodeLens[] {
  const { span, hosts, addressed } = lens;
  const range = session.lines.range(span);
  if (range === undefined) return [];
  const actions = ACTIONS.map(([verb, command]) => ({
    range,
    command: {
      title: hosts.length === 1 ? verb : `${verb} ${hosts.length} hosts`,
      command,
      arguments: [argumentOf(hosts)],
    },
  }));
  const states = hosts.flatMap(host => session.stateOf(host)?.text ?? []);
  if (states.length === 0 && addressed.length === 0) return actions;
  return [...actions, { range, command: stateCommand(hosts, addressed, states) }];
}

/** What is known of the hosts leads to their rows; hosts of which nothing is known can be asked. */
function stateCommand(
  hosts: readonly string[],
  addressed: readonly string[],
  states: readonly string[],
): Command {
  if (states.length === 0)
    return { title: "State not known", command: "nixDeploy.probeHost", arguments: [argumentOf(addressed)] };
  const title = hosts.length === 1 ? (states[0] ?? "") : countsOf(states, hosts.length - states.length);
  return { title, command: "nixDeploy.revealHost", arguments: [argumentOf(hosts.slice(0, 1))] };
}

/** "2 × up to date, 1 × no answer, 4 × not known" */
function countsOf(states: readonly string[], unknown: number): string {
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  if (unknown > 0) counts.set("not known", unknown);
  return [...counts].map(([state, count]) => `${count} × ${state}`).join(", ");
}

function argumentOf(hosts: readonly string[]): unknown {
  return hosts.length === 1 ? hosts[0] : { hosts: [...hosts] };
}
