// POSIX extended regular expressions as JavaScript ones. Only what means the same in both is translated; a pattern that
// might not is refused, and its result is Unknown.

export interface TranslatedRegex {
  readonly source: string;
  /** Loops without an upper bound: with the text's length, the cost of backtracking. */
  readonly loops: number;
  /** How deep loops are inside of loops, which may take exponential time; 0 for none. */
  readonly nested: number;
}

const SPECIAL = "^.[]$()|*+?{}\\";

const CLASSES: Readonly<Record<string, string>> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: " \\t\\n\\v\\f\\r",
  blank: " \\t",
  punct: "!-\\/:-@\\[-`{-~",
  print: " -~",
  graph: "!-~",
  cntrl: "\\x00-\\x1f\\x7f",
  xdigit: "0-9A-Fa-f",
};

/** What is known of one group or of the whole pattern while reading it. */
interface Part {
  readonly source: string;
  readonly canBeEmpty: boolean;
  readonly loops: number;
  readonly nested: number;
  /** It holds a capturing group that may be left out of a match. */
  readonly optionalCapture: boolean;
  readonly captures: boolean;
}

const EMPTY: Part = {
  source: "",
  canBeEmpty: true,
  loops: 0,
  nested: 0,
  optionalCapture: false,
  captures: false,
};

/** undefined: not certainly the same in JavaScript (or not valid at all). */
export function translateRegex(pattern: string): TranslatedRegex | undefined {
  const reader = new RegexReader(pattern);
  const part = reader.alternatives();
  return part === undefined || !reader.atEnd ? undefined : part;
}

class RegexReader {
  private at = 0;

  constructor(private readonly pattern: string) {}

  get atEnd(): boolean {
    return this.at >= this.pattern.length;
  }

  private get next(): string {
    return this.pattern.charAt(this.at);
  }

  alternatives(): Part | undefined {
    let result = this.sequence();
    while (result !== undefined && this.next === "|") {
      this.at++;
      const other = this.sequence();
      if (other === undefined || other.source === "" || result.source === "") return undefined;
      const captures = result.captures || other.captures;
      result = {
        source: `${result.source}|${other.source}`,
        canBeEmpty: result.canBeEmpty || other.canBeEmpty,
        loops: result.loops + other.loops,
        nested: Math.max(result.nested, other.nested),
        optionalCapture: captures,
        captures,
      };
    }
    return result;
  }

  private sequence(): Part | undefined {
    let result = EMPTY;
    while (!this.atEnd && this.next !== "|" && this.next !== ")") {
      const atom = this.atom();
      const piece = atom === undefined ? undefined : this.quantified(atom);
      if (piece === undefined) return undefined;
      result = {
        source: result.source + piece.source,
        canBeEmpty: result.canBeEmpty && piece.canBeEmpty,
        loops: result.loops + piece.loops,
        nested: Math.max(result.nested, piece.nested),
        optionalCapture: result.optionalCapture || piece.optionalCapture,
        captures: result.captures || piece.captures,
      };
    }
    return result;
  }

  private atom(): Part | undefined {
    const c = this.next;
    this.at++;
    switch (c) {
      case "(":
        return this.group();
      case "[":
        return this.bracket();
      case ".":
        return { ...EMPTY, source: "[^\\0]", canBeEmpty: false };
      case "^":
      case "$":
        // A quantified anchor is not something to rely on.
        return "*+?{".includes(this.next) && !this.atEnd ? undefined : { ...EMPTY, source: c };
      case "\\": {
        const escaped = this.next;
        this.at++;
        return escaped !== "" && SPECIAL.includes(escaped) ? literal(escaped) : undefined;
      }
      case "*":
      case "+":
      case "?":
      case "{":
      case "}":
      case "]":
        return undefined;
      default:
        return literal(c);
    }
  }

  private group(): Part | undefined {
    const inner = this.alternatives();
    if (inner === undefined || this.next !== ")") return undefined;
    this.at++;
    return { ...inner, source: `(${inner.source})`, captures: true };
  }

  private quantified(atom: Part): Part | undefined {
    const bounds = this.quantifier();
    if (bounds === undefined) return atom;
    if (bounds === "invalid" || (!this.atEnd && "*+?{".includes(this.next))) return undefined;
    const { source, min, max } = bounds;
    const repeats = max === undefined || max > 1;
    // What a group inside a loop holds after the loop is told differently by the two engines.
    if (repeats && atom.captures && (atom.optionalCapture || atom.canBeEmpty)) return undefined;
    if (repeats && atom.canBeEmpty) return undefined;
    const unbounded = max === undefined || max > 20;
    return {
      source: atom.source + source,
      canBeEmpty: atom.canBeEmpty || min === 0,
      loops: atom.loops + (unbounded ? 1 : 0),
      nested: atom.nested + (unbounded && atom.loops > 0 ? 1 : 0),
      optionalCapture: atom.optionalCapture || (min === 0 && atom.captures),
      captures: atom.captures,
    };
  }

  private quantifier(): Quantifier | "invalid" | undefined {
    const c = this.next;
    if (c === "*" || c === "+" || c === "?") {
      this.at++;
      return { source: c, min: c === "+" ? 1 : 0, max: c === "?" ? 1 : undefined };
    }
    if (c !== "{") return undefined;
    const match = /^\{(\d{1,3})(,(\d{0,3}))?\}/.exec(this.pattern.slice(this.at));
    if (match === null) return "invalid";
    this.at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === "" ? undefined : Number(match[3]);
    return max !== undefined && max < min ? "invalid" : { source: match[0], min, max };
  }

  private bracket(): Part | undefined {
    let set = "";
    const negated = this.next === "^";
    if (negated) this.at++;
    for (let first = true; ; first = false) {
      const c = this.next;
      if (c === "") return undefined;
      if (c === "]" && !first) break;
      const item = this.bracketItem();
      if (item === undefined) return undefined;
      set += item;
    }
    this.at++;
    return { ...EMPTY, source: `[${negated ? "^" : ""}${set}]`, canBeEmpty: false };
  }

  private bracketItem(): string | undefined {
    const rest = this.pattern.slice(this.at);
    const named = /^\[:([a-z]+):\]/.exec(rest);
    if (named !== null) {
      this.at += named[0].length;
      // A class as the start of a range is an error.
      return this.next === "-" && this.pattern.charAt(this.at + 1) !== "]"
        ? undefined
        : CLASSES[named[1] ?? ""];
    }
    if (/^\[[.=:]/.test(rest)) return undefined;
    const range = /^([^\]])-([^\]])/s.exec(rest);
    if (range === null) {
      this.at++;
      return escapeInSet(rest.charAt(0));
    }
    const [whole, low = "", high = ""] = range;
    if (low === "-" || high === "-" || high === "[" || low === "[" || low > high) return undefined;
    this.at += whole.length;
    return `${escapeInSet(low)}-${escapeInSet(high)}`;
  }
}

interface Quantifier {
  readonly source: string;
  readonly min: number;
  readonly max: number | undefined;
}

function literal(c: string): Part {
  return { ...EMPTY, source: c.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&"), canBeEmpty: false };
}

function escapeInSet(c: string): string {
  return c.replace(/[\\\]^[-]/, "\\$&");
}
