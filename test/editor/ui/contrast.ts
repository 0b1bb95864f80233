// How far a colour stands out from the one behind it, and which colours a picture draws with.

export type Color = readonly [red: number, green: number, blue: number];

/** The contrast of WCAG 2.2, from 1 to 21. */
export function contrast(a: Color, b: Color): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: Color): number {
  const [red = 0, green = 0, blue = 0] = color.map(part => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** What a paint such as `var(--vscode-foreground, #808080)` is in a theme, drawn on the theme's editor background. */
export function resolveColor(paint: string, theme: ReadonlyMap<string, string>): Color {
  const variable = /^var\(--vscode-([\w-]+)(?:,\s*(.+))?\)$/.exec(paint.trim());
  if (variable === null) return blend(paint, theme);
  const value = theme.get(variable[1] ?? "");
  if (value !== undefined) return blend(value, theme);
  if (variable[2] === undefined)
    throw new Error(`${paint}: the theme has no such colour, and nothing stands in for it`);
  return resolveColor(variable[2], theme);
}

function blend(text: string, theme: ReadonlyMap<string, string>): Color {
  const [red, green, blue, alpha] = parseColor(text);
  if (alpha === 1) return [red, green, blue];
  const [r, g, b] = parseColor(theme.get("editor-background") ?? "#ffffff");
  const mix = (over: number, under: number) => over * alpha + under * (1 - alpha);
  return [mix(red, r), mix(green, g), mix(blue, b)];
}

/** `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb(…)` and `rgba(…)`, as themes and browsers write them. */
export function parseColor(text: string): [red: number, green: number, blue: number, alpha: number] {
  const long = /^#(..)(..)(..)(..)?$/.exec(text.trim().replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3"));
  if (long !== null) {
    const [red = 0, green = 0, blue = 0, alpha = 255] = long
      .slice(1)
      .filter(part => part !== undefined)
      .map(part => Number.parseInt(part, 16));
    return [red, green, blue, alpha / 255];
  }
  const [red, green, blue, alpha = 1] = [...text.matchAll(/[\d.]+/g)].map(Number);
  if (red === undefined || green === undefined || blue === undefined) throw new Error(`no colour: ${text}`);
  return [red, green, blue, alpha];
}

export interface Paint {
  readonly element: string;
  /** One of these is enough: a box needs an edge that stands out or a colour that does. */
  readonly paints: readonly string[];
  /** What is behind it: the picture's ground, or the box that a text stands in. */
  readonly ground: string;
}

/** Everything that a picture draws on its ground, which is its first box. A text in a filled box stands on that box. */
export function shownPaints(svg: string): Paint[] {
  const drawn = [...svg.matchAll(/<(text|rect|circle|line|path|polygon|polyline)\b([^>]*)>/g)].map(
    ([, element = "", attributes = ""]) => ({ element, attributes }),
  );
  const [first, ...others] = drawn;
  const ground = attribute(first?.attributes ?? "", "fill");
  if (ground === undefined) throw new Error("a picture begins with its ground");
  let box: { readonly attributes: string; readonly fill: string } | undefined;
  return others.flatMap(({ element, attributes }) => {
    const fill = attribute(attributes, "fill");
    if (element === "text") {
      if (fill === undefined) throw new Error("a text without a colour is black in every theme");
      const isOnBox = box !== undefined && isInside(attributes, box.attributes);
      return [{ element, paints: [fill], ground: isOnBox && box ? box.fill : ground }];
    }
    if (element === "rect" && fill !== undefined && fill !== "none") box = { attributes, fill };
    const given = [fill, attribute(attributes, "stroke")];
    const paints = given.filter((paint): paint is string => paint !== undefined && paint !== "none");
    return paints.length === 0 ? [] : [{ element, paints, ground }];
  });
}

function isInside(text: string, box: string): boolean {
  const number = (attributes: string, name: string) => Number(attribute(attributes, name) ?? 0);
  const isBetween = (name: string, size: string) => {
    const distance = number(text, name) - number(box, name);
    return distance >= 0 && distance <= number(box, size);
  };
  return isBetween("x", "width") && isBetween("y", "height");
}

function attribute(attributes: string, name: string): string | undefined {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1];
}
