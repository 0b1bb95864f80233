// What is published: the manifest says all that a marketplace shows, its files exist, and nothing but what belongs into a
// VSIX gets into one. scripts/package.mjs asks the same of the VSIX itself, which takes longer.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { noticesOf } from "../scripts/notices.mjs";
import { packageProblems } from "../scripts/vsixContents.mjs";

const root = path.resolve(__dirname, "..");
const readText = (name: string) => readFileSync(path.join(root, name), "utf8");
const manifest = JSON.parse(readText("package.json"));
const guides = readdirSync(path.join(root, "docs")).filter(name => name.endsWith(".md"));
const pages = [
  "README.md",
  "ARCHITECTURE.md",
  "examples/fleet/README.md",
  ...guides.map(name => `docs/${name}`),
];

test("the ignore file is a list of what is packaged, not of what isn't", () => {
  const [first, ...others] = readText(".vscodeignore").trim().split("\n");
  expect(first).toBe("**");
  expect(others.filter(line => !line.startsWith("!"))).toEqual([]);
});

test("tests, sources, maps and unknown files are found in a VSIX, and so is what is missing", () => {
  const strangers = [
    "extension/client/src/app.ts",
    "extension/client/dist/extension.js.map",
    "extension/.env",
  ];
  const problems = packageProblems(strangers, 2 * 1024 * 1024);
  for (const name of strangers) expect(problems).toContain(`does not belong: ${name}`);
  expect(problems.filter(problem => problem.startsWith("missing:")).join("\n")).toContain("bundle");
  expect(problems).toContain("larger than 1536 KiB: 2048 KiB");
});

test("the marketplaces get an icon, categories, a description and where the sources are", () => {
  const icon = readFileSync(path.join(root, manifest.icon));
  expect(icon.subarray(1, 4).toString()).toBe("PNG");
  expect([icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual([256, 256]);
  expect(manifest.repository.url).toMatch(/^https:\/\//);
  for (const key of ["displayName", "description", "publisher", "license", "homepage"])
    expect(manifest[key], key).toMatch(/\S/);
  expect(manifest.bugs.url).toMatch(/^https:\/\//);
  expect(manifest.galleryBanner).toMatchObject({
    color: expect.stringMatching(/^#[0-9a-f]{6}$/),
    theme: "dark",
  });
  expect(manifest.categories.length).toBeGreaterThan(0);
  expect(manifest.keywords.length).toBeGreaterThan(0);
});

test("the media, syntaxes and texts that the manifest names exist", () => {
  const named = [...filesIn(manifest.contributes), `${manifest.l10n}/bundle.l10n.json`];
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter(file => !existsSync(path.join(root, file)))).toEqual([]);
});

test("every text key of the manifest has its text", () => {
  const texts = JSON.parse(readText("package.nls.json"));
  const keys = [...JSON.stringify(manifest).matchAll(/"%([^"%]+)%"/g)].map(match => match[1] ?? "");
  expect(keys.filter(key => !texts[key])).toEqual([]);
});

test("the links and pictures of the README and the guides lead to files", () => {
  const broken = pages.flatMap(page =>
    [...readText(page).matchAll(/\]\((?!https?:)([^)#]+)/g)]
      .map(match => path.join(path.dirname(page), match[1] ?? ""))
      .filter(file => !existsSync(path.join(root, file))),
  );
  expect(broken).toEqual([]);
});

test("the commands that the pages name exist", () => {
  const texts = JSON.parse(readText("package.nls.json"));
  const shown = (text: string) => text.replace(/^%(.+)%$/, (_, key) => texts[key]);
  const { commands, views, walkthroughs } = manifest.contributes;
  const known = [
    ...commands.map(({ category, title }: Record<string, string>) => `${category}: ${shown(title ?? "")}`),
    ...views.nixDeploy.map(({ name }: { name: string }) => `Nix Deploy: Focus on ${shown(name)} View`),
    ...walkthroughs.map(({ title }: { title: string }) => shown(title)),
  ];
  const named = pages.flatMap(page => [
    ...readText(page)
      .replaceAll("\n", " ")
      .matchAll(/[*`](Nix Deploy: [^*`]+)[*`]/g),
  ]);
  expect(named.length).toBeGreaterThan(10);
  expect(named.map(match => match[1]).filter(title => !known.includes(title))).toEqual([]);
});

test("every guide is linked from the README", () => {
  const linked = [...readText("README.md").matchAll(/\]\(docs\/([\w-]+\.md)\)/g)].map(match => match[1]);
  expect(guides.filter(guide => !linked.includes(guide))).toEqual([]);
});

test("the examples for CI are YAML, name this version, and the actions that our own workflows use", () => {
  const own = actionsIn(
    [".github/workflows/ci.yml", ".github/workflows/release.yml"].map(readText).join("\n"),
  );
  for (const page of ["README.md", "docs/ci.md"]) {
    const examples = [...readText(page).matchAll(/```yaml\n([\s\S]*?)```/g)].map(match => match[1] ?? "");
    expect(examples.length, page).toBeGreaterThan(0);
    for (const example of examples) {
      expect(parseYaml(example), page).toBeTruthy();
      const versions = [...example.matchAll(/npx --yes nix-deploy(\S*) check/g)].map(match => match[1]);
      expect(new Set(versions), page).toEqual(new Set([`@${manifest.version}`]));
      for (const [action, major] of actionsIn(example))
        expect([action, own.get(action) ?? major]).toEqual([action, major]);
    }
  }
});

test("the bundles hold all they need: whoever installs the command line gets no other package", () => {
  expect(manifest.dependencies).toBeUndefined();
});

test("the licence of every bundled package is passed on", () => {
  const inputs = {
    "client/src/app.ts": 1,
    "node_modules/ssh2/lib/client.js": 1,
    "node_modules/valibot/dist/i.js": 1,
  };
  const notices = noticesOf([{ inputs, outputs: {} } as never]);
  const named = [...notices.matchAll(/^([a-z0-9-]+) \d\S* \((\S+)\)$/gm)].map(([, name, licence]) => [
    name,
    licence,
  ]);
  expect(named).toEqual([
    ["ssh2", "MIT"],
    ["tree-sitter-nix", "MIT"],
    ["valibot", "MIT"],
  ]);
  expect(notices).toContain("Copyright Brian White");
});

test("the typings are those of the oldest editor that is supported", () => {
  const { version } = JSON.parse(readText("node_modules/@types/vscode/package.json"));
  expect(manifest.devDependencies["@types/vscode"]).toBe(version);
  expect(manifest.engines.vscode).toBe(`^${version}`);
});

/** Which major version of each action a workflow uses. */
function actionsIn(workflow: string): Map<string, string> {
  return new Map(
    [...workflow.matchAll(/uses: (\S+)@(\S+)/g)].map(([, action = "", major = ""]) => [action, major]),
  );
}

/** The files of media/ and syntaxes/ that are named anywhere in a part of the manifest. */
function filesIn(part: unknown): string[] {
  if (typeof part === "string") return /^(\.\/)?(media|syntaxes)\/[\w./-]+$/.test(part) ? [part] : [];
  if (typeof part !== "object" || part === null) return [];
  return Object.values(part).flatMap(filesIn);
}
