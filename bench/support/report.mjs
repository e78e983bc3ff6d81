import { writeFile } from 'node:fs/promises';

/** Prints a line as soon as it is known, and all of them as one Markdown table at the end. */
export class Report {
  #rows = [];

  /** @param goal what DESIGN asks for; absent for a line that only serves as a comparison. */
  add(measurement, subject, result, goal = '') {
    this.#rows.push([measurement, subject, result, goal]);
    console.log(`${measurement} | ${subject}: ${result}${goal === '' ? '' : `  (goal: ${goal})`}`);
  }

  get markdown() {
    const head = ['Measurement', 'Subject', 'Result', 'Goal'];
    const rows = [head, head.map(() => '---'), ...this.#rows];
    return rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
  }

  async write(file) {
    await writeFile(file, `${this.markdown}\n`);
  }
}

export function ratio({ ratio: value, low, high }) {
  return `${value.toFixed(3)} (middle half of the rounds ${low.toFixed(2)} to ${high.toFixed(2)})`;
}
