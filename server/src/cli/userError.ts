// What the user of the command line can act on: printed as one line, exit code 2.

export class UserError extends Error {
  override readonly name = "UserError";
}
