// The mistakes in hosts/web.nix of the example fleet, as every edition of the editor must show them.
import { expect } from "vitest";
import type { Editor } from "./editor";

/** With the file open: they are underlined, and the hover says what is wrong. The hover stays. */
export async function seeMistakes(editor: Editor): Promise<void> {
  await expect.poll(() => editor.squiggles("web.nix", "error").count()).toBeGreaterThanOrEqual(5);
  await editor.hover("web.nix", "htps");
  const hover = editor.page.locator(".monaco-hover:visible");
  await expect
    .poll(async () => (await hover.allTextContents()).join("\n"))
    .toContain("substituter-unknown-scheme");
}
