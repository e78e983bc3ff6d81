/** The error that a promise rejects with; one that says so if it resolves. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return await promise.then(
    () => new Error('it resolved'),
    (error: Error) => error,
  );
}
