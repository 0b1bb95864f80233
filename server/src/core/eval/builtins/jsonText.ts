// A JSON reader that keeps integers apart from floats, as Nix does, and says where versions of Nix differ.

export type ParsedJson =
  /** Objects as Map, integers as bigint, floats as number. */
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "invalid"; readonly message: string }
  | { readonly kind: "uncertain"; readonly message: string };

class Stop extends Error {
  constructor(
    readonly outcome: "invalid" | "uncertain",
    message: string,
  ) {
    super(message);
  }
}

const MAX_DEPTH = 500;

export function parseJson(text: string): ParsedJson {
  const reader = new JsonReader(text);
  try {
    return { kind: "value", value: reader.document() };
  } catch (stop) {
    if (stop instanceof Stop) return { kind: stop.outcome, message: stop.message };
    throw stop;
  }
}

class JsonReader {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  document(): unknown {
    const value = this.value();
    this.blanks();
    if (this.at < this.text.length) this.fail();
    return value;
  }

  private fail(): never {
    throw new Stop("invalid", `unexpected text at offset ${this.at}`);
  }

  private blanks(): void {
    while (" \t\n\r".includes(this.text.charAt(this.at)) && this.at < this.text.length) this.at++;
  }

  /** The text that `pattern` (sticky) matches here, taken. */
  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0];
    if (match !== undefined) this.at += match.length;
    return match;
  }

  private value(): unknown {
    this.blanks();
    const c = this.text.charAt(this.at);
    if (c === "{" || c === "[") {
      if (++this.depth > MAX_DEPTH) throw new Stop("uncertain", "JSON nested too deeply");
      const value = c === "{" ? this.object() : this.array();
      this.depth--;
      return value;
    }
    if (c === '"') return this.string();
    const word = this.take(/(?:true|false|null)/y);
    if (word !== undefined) return word === "null" ? null : word === "true";
    return this.number();
  }

  private number(): bigint | number {
    const text = this.take(/-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y);
    if (text === undefined) return this.fail();
    if (/[.eE]/.test(text)) return Number(text);
    if (text === "-0") throw new Stop("uncertain", "a negative zero");
    return BigInt(text);
  }

  private string(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
    const quoted = this.take(/"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
    if (quoted === undefined) return this.fail();
    const text: unknown = JSON.parse(quoted);
    if (typeof text !== "string") return this.fail();
    if (/\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)) {
      throw new Stop("uncertain", "a character that Nix has not");
    }
    return text;
  }

  private array(): unknown[] {
    this.at++;
    const items: unknown[] = [];
    this.blanks();
    if (this.take(/\]/y) !== undefined) return items;
    for (;;) {
      items.push(this.value());
      this.blanks();
      if (this.take(/\]/y) !== undefined) return items;
      if (this.take(/,/y) === undefined) this.fail();
    }
  }

  private object(): Map<string, unknown> {
    this.at++;
    const entries = new Map<string, unknown>();
    this.blanks();
    if (this.take(/\}/y) !== undefined) return entries;
    for (;;) {
      this.blanks();
      if (this.text.charAt(this.at) !== '"') this.fail();
      const name = this.string();
      this.blanks();
      if (this.take(/:/y) === undefined) this.fail();
      const value = this.value();
      if (entries.has(name)) throw new Stop("uncertain", "a name twice in a JSON object");
      entries.set(name, value);
      this.blanks();
      if (this.take(/\}/y) !== undefined) return entries;
      if (this.take(/,/y) === undefined) this.fail();
    }
  }
}
