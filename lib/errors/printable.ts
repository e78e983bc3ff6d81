import { stripVTControlCharacters } from 'node:util';

/**
 * The text without terminal escape sequences and other control characters, except for tabs and line breaks. A message may
 * quote the server, and a terminal that shows it in a log would obey them.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/(?![\t\n])[\p{Cc}\p{Bidi_Control}]/gu, '');
}
