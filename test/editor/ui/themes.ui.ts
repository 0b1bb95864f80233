// Light, dark and both high-contrast themes: what the extension draws stands out from what is behind it. Thresholds are those of
// WCAG 2.2: 4.5 for text, 3 for what is no text; the text of editors is the theme's own business.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contrast, resolveColor, shownPaints } from "./contrast";
import { drawnParts, themeColors, useTheme } from "./drawing";
import { type Editor, openEditor } from "./editor";

const folder = path.resolve(import.meta.dirname, "../../../media/walkthrough");
const pictures = readdirSync(folder).map(name => ({
  name,
  svg: readFileSync(path.join(folder, name), "utf8"),
}));
/** The colours that the sources name for icons, also those of states that no host of the example is in. */
const client = path.resolve(import.meta.dirname, "../../../client/src");
const iconColors = readdirSync(client, { recursive: true, encoding: "utf8" })
  .filter(file => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .flatMap(file => [...readFileSync(path.join(client, file), "utf8").matchAll(/\bcolor: "([\w.]+)"/g)])
  .map(match => (match[1] ?? "").replaceAll(".", "-"));
/** The colours that are asked of a theme: these, those of the pictures, and the ones that both are shown on. */
const names = [
  "editor-background",
  "sideBar-background",
  ...iconColors,
  ...pictures.flatMap(({ svg }) => [...svg.matchAll(/--vscode-([\w-]+)/g)].map(match => match[1] ?? "")),
];
const THEMES = [
  ["Light Modern", "vs"],
  ["Dark Modern", "vs-dark"],
  ["Dark High Contrast", "hc-black"],
  ["Light High Contrast", "hc-light"],
] as const;
let editor: Editor;

beforeAll(async () => {
  editor = await openEditor({ file: "hosts/web.nix" });
  await editor.squiggles("web.nix", "error").first().waitFor();
  await editor.showSidebar();
  // these names lead nowhere, so there are icons of hosts in trouble, too
  await editor.treeRow("Hosts", /^host web, (?!not asked|asking)/).waitFor({ timeout: 60_000 });
  await editor.expandRow(editor.treeRow("Hosts", /^host web\b/));
});
afterAll(() => editor?.close());

describe.each(THEMES)("%s", (name, kind) => {
  beforeAll(async () => {
    await useTheme(editor, name, kind);
    await editor.screenshot(`theme-${kind}`);
  });

  test("rows of the views, and their icons, are legible", async () => {
    const parts = await drawnParts(editor);
    expect(parts.filter(part => part.kind === "icon").length).toBeGreaterThan(3);
    const faint = parts.filter(
      ({ kind: part, color, ground }) => contrast(color, ground) < (part === "icon" ? 3 : 4.5),
    );
    expect(faint).toEqual([]);
  });

  test("icons are legible in whatever state a host is", async () => {
    const colors = await themeColors(editor, names);
    const ground = resolveColor("var(--vscode-sideBar-background)", colors);
    // what a theme leaves out is drawn in the colour of the text beside it
    const known = new Set(iconColors.filter(color => colors.has(color)));
    expect(known.size).toBeGreaterThan(0);
    const faint = [...known].filter(
      color => contrast(resolveColor(`var(--vscode-${color})`, colors), ground) < 3,
    );
    expect(faint).toEqual([]);
  });

  test("the pictures of the walkthrough are legible", async () => {
    const colors = await themeColors(editor, names);
    const faint = pictures.flatMap(({ name: picture, svg }) =>
      shownPaints(svg).flatMap(({ element, paints, ground }) => {
        const behind = resolveColor(ground, colors);
        const ratio = Math.max(...paints.map(paint => contrast(resolveColor(paint, colors), behind)));
        const wanted = element === "text" ? 4.5 : 3;
        return ratio < wanted ? [`${picture}: ${element} ${paints}: ${ratio.toFixed(2)}`] : [];
      }),
    );
    expect(faint).toEqual([]);
  });
});
