// package.json against the code: commands, menus, views, context keys, settings and texts must be the same on both sides.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { COMMAND_IDS } from "../client/src/commands";
import { parseConfig } from "../client/src/config";
import { ACTIONS, TOOL_IDS } from "../client/src/deploy/tools/adapter";
import { CONTEXT_KEYS } from "../client/src/ports/workspace";
import { CONTEXT_VALUES } from "../client/src/treeNode";

const root = path.resolve(__dirname, "..");
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const texts: Record<string, string> = JSON.parse(readFileSync(path.join(root, "package.nls.json"), "utf8"));
const { contributes } = manifest;
const settings: Record<string, { scope?: string; default: unknown; enum?: unknown[] }> =
  contributes.configuration.properties;

const sorted = (items: readonly string[]) => [...items].sort();
const commandsOfManifest = contributes.commands.map((item: { command: string }) => item.command);
const menuItems: { command: string; when?: string }[] = Object.values(contributes.menus).flat() as never;
const views: { id: string }[] = contributes.views.nixDeploy;

test("every command of the table is contributed, and no other", () => {
  expect(sorted(commandsOfManifest)).toEqual(sorted(COMMAND_IDS));
});

test("menus use only commands that exist", () => {
  expect(menuItems.filter(item => !commandsOfManifest.includes(item.command))).toEqual([]);
});

test("each command has a category and an icon", () => {
  for (const command of contributes.commands) {
    expect(command).toMatchObject({ category: "Nix Deploy", icon: expect.stringMatching(/^\$\([a-z-]+\)$/) });
  }
});

test("when clauses use only keys, views and row kinds that exist", () => {
  const clauses = [
    ...menuItems.map(item => item.when),
    ...contributes.viewsWelcome.map((item: { when?: string }) => item.when),
    ...contributes.commands.map((item: { enablement?: string }) => item.enablement),
  ].filter((clause): clause is string => clause !== undefined);
  const keys = new Set(clauses.flatMap(clause => clause.match(/nixDeploy\.\w+/g) ?? []));
  const known = new Set<string>([...CONTEXT_KEYS, ...views.map(view => view.id)]);
  expect([...keys].filter(key => !known.has(key))).toEqual([]);
  const kinds = clauses.flatMap(clause => [...clause.matchAll(/viewItem == (\w+)/g)].map(match => match[1]));
  expect(kinds.filter(kind => !CONTEXT_VALUES.some(value => value === kind))).toEqual([]);
});

test("welcome texts belong to views, and their links to commands", () => {
  const ids = views.map(view => view.id);
  for (const welcome of contributes.viewsWelcome) {
    expect(ids).toContain(welcome.view);
    const text = texts[welcome.contents.slice(1, -1)] ?? "";
    const own = [...text.matchAll(/command:(nixDeploy\.\w+)/g)].map(match => match[1]);
    expect(own.filter(id => !commandsOfManifest.includes(id))).toEqual([]);
  }
  expect(new Set(contributes.viewsWelcome.map((item: { view: string }) => item.view))).toEqual(new Set(ids));
});

test("every text key is defined, and every defined text is used", () => {
  const used = new Set([...JSON.stringify(manifest).matchAll(/"%([^"%]+)%"/g)].map(match => match[1] ?? ""));
  expect(sorted([...used])).toEqual(sorted(Object.keys(texts)));
});

test("the client reads each setting under its contributed name, with the contributed default", () => {
  const asked: string[] = [];
  const config = parseConfig(key => {
    asked.push(key);
    return settings[`nixDeploy.${key}`]?.default;
  });
  expect(asked.filter(key => settings[`nixDeploy.${key}`] === undefined)).toEqual([]);
  expect(config).toEqual(parseConfig(() => undefined));
});

test("what reaches a process is machine-scoped and restricted in untrusted workspaces", () => {
  const restricted: string[] = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  const dangerous = Object.keys(settings).filter(key =>
    /^nixDeploy\.(tools|ssh)\.|^nixDeploy\.deploy\.(tool|parallel)$/.test(key),
  );
  expect(dangerous.length).toBeGreaterThan(5);
  expect(dangerous.filter(key => settings[key]?.scope !== "machine" || !restricted.includes(key))).toEqual(
    [],
  );
});

test("the task schema knows all actions and tools", () => {
  const [definition] = contributes.taskDefinitions;
  expect(definition.type).toBe("nix-deploy");
  expect(definition.properties.action.enum).toEqual(ACTIONS);
  expect(definition.properties.tool.enum).toEqual(TOOL_IDS);
  expect(settings["nixDeploy.deploy.tool"]?.enum).toEqual(["auto", ...TOOL_IDS]);
});

test("the problem matchers read what Nix prints", () => {
  const [current, old] = contributes.problemMatchers;
  const read = (matcher: { pattern: { regexp: string }[] }, lines: string[]) =>
    matcher.pattern.map((pattern, index) => new RegExp(pattern.regexp).exec(lines[index] ?? "")?.slice(1));
  expect(read(current, ["       error: undefined variable 'x'", "       at /w/flake.nix:3:5:"])).toEqual([
    ["undefined variable 'x'"],
    ["/w/flake.nix", "3", "5"],
  ]);
  expect(read(current, ["web | error: x", "web |        at «git+file:///w/flake.nix»:3:5:"])[1]).toEqual([
    "/w/flake.nix",
    "3",
    "5",
  ]);
  expect(read(old, ["error: syntax error", "", "       at /w/flake.nix:3:5:"])).toEqual([
    ["syntax error"],
    [],
    ["/w/flake.nix", "3", "5"],
  ]);
});

test("the walkthrough has at most six steps; each ends by an event of a command or view that exists, and has a picture", () => {
  const [walkthrough] = contributes.walkthroughs;
  expect(walkthrough.steps.length).toBeLessThanOrEqual(6);
  for (const step of walkthrough.steps) {
    expect(step.completionEvents.length).toBeGreaterThan(0);
    const text = texts[step.description.slice(1, -1)] ?? "";
    const linked = [...text.matchAll(/command:(nixDeploy\.\w+)\)/g)].map(match => match[1] ?? "");
    const awaited = step.completionEvents
      .flatMap((event: string) => /^onCommand:(nixDeploy\..*)$/.exec(event)?.[1] ?? [])
      .concat(linked);
    expect(awaited.filter((id: string) => !commandsOfManifest.includes(id))).toEqual([]);
    const viewed = step.completionEvents.flatMap((event: string) => /^onView:(.*)$/.exec(event)?.[1] ?? []);
    expect(viewed.filter((id: string) => !views.some(view => view.id === id))).toEqual([]);
    const picture = readFileSync(path.join(root, step.media.svg), "utf8");
    // theme-safe: every colour is one of the theme's, with a fallback for where there is none
    expect(picture.match(/(?:fill|stroke)="(?!none|var\()[^"]*"/g)).toBeNull();
  }
});

test("tools for language models are the four that read", () => {
  expect(contributes.languageModelTools.map((tool: { name: string }) => tool.name)).toEqual([
    "nixDeploy_listHosts",
    "nixDeploy_showDrift",
    "nixDeploy_explainFinding",
    "nixDeploy_planDeployment",
  ]);
});

test("every file that the manifest names exists or is built", () => {
  const files = [
    manifest.icon,
    ...contributes.viewsContainers.activitybar.map((item: { icon: string }) => item.icon),
  ];
  expect(files.filter(file => !existsSync(path.join(root, file)))).toEqual([]);
});
