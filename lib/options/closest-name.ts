/** With more edits than this, a known name is no longer a helpful guess. */
const MAX_EDITS = 4;

/** The known name that `name` is most likely a misspelling of, or undefined if none is similar. Upper and lower case count as equal. */
export function closestName(name: string, known: readonly string[]): string | undefined {
  const maxEdits = Math.min(MAX_EDITS, Math.floor(name.length / 2));
  let closest: string | undefined;
  let fewest = maxEdits + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= fewest) continue;
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) [closest, fewest] = [candidate, edits];
  }
  return closest;
}

/** The Levenshtein distance: how many letters have to be added, removed or replaced. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (let column = 0; column < to.length; column += 1) {
      const replaced = row[column]! + (letter === to[column] ? 0 : 1);
      next.push(Math.min(replaced, row[column + 1]! + 1, next[column]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
