/** An attempt was not answered in time, or a streamed body fell silent. Has the code of Node.js for it. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
  readonly code = 'ETIMEDOUT';
}
