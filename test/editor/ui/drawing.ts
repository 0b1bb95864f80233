// What a theme makes of the workbench: colours as they are drawn. The selectors that only this needs are here.
import { type Color, parseColor } from "./contrast";
import type { Editor } from "./editor";

/** Takes a colour theme by its name; `kind` is the class that VS Code gives its workbench. */
export async function useTheme(editor: Editor, name: string, kind: string): Promise<void> {
  const input = editor.page.locator('.quick-input-widget input[placeholder*="Color Theme"]');
  // while views are drawn for the first time, one of them may take the focus, and that closes the pick
  for (let attempt = 1; ; attempt++) {
    await editor.runCommand("Preferences: Color Theme");
    try {
      await input.fill(name, { timeout: 4000 });
      break;
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
  await editor.pickRows(name).first().click();
  await editor.page.locator(`.monaco-workbench.${kind}`).waitFor();
  await editor.quickInput.waitFor({ state: "hidden" });
}

/** What the theme says of these colours, by their names in style sheets without `--vscode-`; not every theme has each. */
export async function themeColors(
  editor: Editor,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await editor.page
    .locator(".monaco-workbench")
    .first()
    .evaluate((workbench, wanted) => {
      const style = getComputedStyle(workbench);
      return wanted.map((name): [string, string] => [
        name,
        style.getPropertyValue(`--vscode-${name}`).trim(),
      ]);
    }, names);
  return new Map(found.filter(([, value]) => value !== ""));
}

/** Something that is drawn, and what is behind it. */
export interface DrawnPart {
  readonly name: string;
  readonly kind: string;
  readonly color: Color;
  readonly ground: Color;
}

const ROWS = '.sidebar .monaco-list-row, .activitybar .action-item:has([aria-label="Nix Deploy"])';

/** The texts and icons of the sidebar's rows and the icon of the views. */
export async function drawnParts(editor: Editor): Promise<DrawnPart[]> {
  const parts = await editor.page.locator(ROWS).evaluateAll(rows =>
    rows.flatMap(row =>
      [
        ...row.querySelectorAll(
          ".custom-view-tree-node-item-icon, .label-name, .label-description, .action-label",
        ),
      ]
        .filter(part => part.getBoundingClientRect().width > 0)
        .map(part => {
          const style = getComputedStyle(part);
          // an icon that is a file is a shape cut out of its background
          const cut = style.maskImage !== "none";
          const grounds: string[] = [];
          for (let at = cut ? part.parentElement : part; at !== null; at = at.parentElement)
            grounds.push(getComputedStyle(at).backgroundColor);
          return {
            name: `${row.getAttribute("aria-label")}: ${part.className}`,
            kind: part.matches(".label-name, .label-description") ? "text" : "icon",
            color: cut ? style.backgroundColor : style.color,
            opacity: Number(style.opacity),
            grounds,
          };
        }),
    ),
  );
  return parts.map(({ name, kind, color, opacity, grounds }) => {
    const ground = layered(grounds.map(parseColor));
    const [red, green, blue, alpha] = parseColor(color);
    return {
      name,
      kind,
      color: layered([
        [red, green, blue, alpha * opacity],
        [...ground, 1],
      ]),
      ground,
    };
  });
}

/** What is seen of colours above each other, the uppermost first, on white. */
function layered(colors: readonly (readonly [number, number, number, number])[]): Color {
  return colors.reduceRight<Color>(
    ([r, g, b], [red, green, blue, alpha]) => {
      const mix = (over: number, under: number) => over * alpha + under * (1 - alpha);
      return [mix(red, r), mix(green, g), mix(blue, b)];
    },
    [255, 255, 255],
  );
}
