// The colours that tools print, also where nobody looks at a terminal.

const ESCAPE = "\u001b";

export const COLOURS = new RegExp(`${ESCAPE}\\[[0-9;]*m`, "g");

export function withoutColours(text: string): string {
  return text.replace(COLOURS, "");
}
