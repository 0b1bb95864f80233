// Tests of NixOS: their machines live for minutes, and the keys in them are made up for everybody to see.

const TEST = /\b(testScript\w*|runNixOSTest|nixosTest|makeTest|make-test-python)\b/;

/** Whether this file describes such a test. */
export function isNixosTest(text: string | undefined): boolean {
  return text !== undefined && TEST.test(text);
}
