/** What the caller of the command has to change; the message is one line. */
export class FakeDidomiUsageError extends Error {}
