/** Microseconds of CPU per call: the time for which other processes hold the core does not count. */
export async function cpuOf(call, calls) {
  const start = process.cpuUsage();
  for (let i = 0; i < calls; i += 1) await call();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / calls;
}
