// The one function through which text reaches a POSIX shell on another machine.

/**
 * The text as one word of a POSIX shell: single-quoted, so nothing in it is expanded or executed.
 * @throws RangeError for text with a NUL character, which no argument can hold
 */
export function quoteRemote(text: string): string {
  if (text.includes("\0")) throw new RangeError("an argument can't hold a NUL character");
  return /^[A-Za-z0-9_/.:=@%+,-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
