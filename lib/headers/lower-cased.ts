export type Headers = Readonly<Record<string, unknown>>;

/** The headers if their names are in lower case, as Node.js and Axios have them; else a copy of which that is true. */
export function lowerCased(headers: Headers): Headers {
  const names = Object.keys(headers);
  if (!names.some((name) => /[A-Z]/.test(name))) return headers;
  return Object.fromEntries(names.map((name) => [name.toLowerCase(), headers[name]]));
}
