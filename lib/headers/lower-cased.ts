export type Headers = Readonly<Record<string, unknown>>;

/** The headers with names in lower case. No copy if they are so already, as those of Node.js and Axios are. */
export function lowerCased(headers: Headers): Headers {
  const names = Object.keys(headers);
  if (!names.some((name) => /[A-Z]/.test(name))) return headers;
  return Object.fromEntries(names.map((name) => [name.toLowerCase(), headers[name]]));
}
