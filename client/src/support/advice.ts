// What a person can do about what Doctor found missing, the most important first.

import { t } from "../l10n";
import type { DoctorFindings, ToolFinding } from "./report";

export function advice(findings: DoctorFindings): readonly string[] {
  return [...workspaceAdvice(findings), ...toolAdvice(findings), ...agentAdvice(findings)];
}

function workspaceAdvice({ trusted, server, entryPoints }: DoctorFindings): readonly string[] {
  const lines: string[] = [];
  if (!trusted)
    lines.push(
      t("Run *Workspaces: Manage Workspace Trust* if you trust this folder: until then nothing is run."),
    );
  if (server.startsWith("failed"))
    lines.push(t("Run *Nix Deploy: Restart Language Server*; *Nix Deploy: Show Log* says why it stopped."));
  else if (entryPoints.length === 0)
    lines.push(
      t("Open the folder that holds flake.nix, hive.nix or configuration.nix: none was found here."),
    );
  return lines;
}

function toolAdvice({ tools = [], hosts }: DoctorFindings): readonly string[] {
  return tools
    .filter(tool => tool.path === undefined)
    .flatMap(tool => missingTool(tool, hosts.filter(names => names.includes(tool.name)).length));
}

function missingTool({ name, setting }: ToolFinding, hosts: number): readonly string[] {
  const key = `\`nixDeploy.tools.${setting ?? ""}\``;
  switch (name) {
    case "nix":
      return [
        t("Install Nix (https://nixos.org/download) or set {0}: without it nothing can be built.", key),
      ];
    case "ssh":
      return [t("Install an OpenSSH client: without it nothing can be copied to a host or deployed.")];
    case "git":
      return [t("Install Git: without it the commit of a deployment and drift can't be told.")];
    default:
      return hosts === 0
        ? []
        : [
            t(
              "Hosts set up for {0}: {1}, but it was not found. Install it or set {2}; plain Nix and SSH can deploy them, too.",
              name,
              hosts,
              key,
            ),
          ];
  }
}

function agentAdvice({ sshAgent }: DoctorFindings): readonly string[] {
  if (sshAgent === undefined || (sshAgent.kind === "running" && sshAgent.keys > 0)) return [];
  return [
    t("No SSH agent with keys answers. Hosts accept a key file that your SSH configuration names, too."),
  ];
}
