// Text for people in their language. VS Code's `l10n.t` is put in at activation; under plain Node the English text
// itself is the answer. `l10n/bundle.l10n.json` lists every text; a test compares it with the calls.

type Translate = (message: string, ...args: string[]) => string;

let translate: Translate = fill;

/** Called once, by activation. */
export function useTranslator(translator: Translate): void {
  translate = translator;
}

/** The text with `{0}`, `{1}` … replaced by the arguments. The first argument must be a literal. */
export function t(message: string, ...args: readonly (string | number)[]): string {
  return translate(message, ...args.map(String));
}

function fill(message: string, ...args: string[]): string {
  return message.replace(/\{(\d+)\}/g, (whole, index: string) => args[Number(index)] ?? whole);
}
