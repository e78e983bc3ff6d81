/* Runs in the page: what a spec asks of it. */
globalThis.inPage = { lowContrasts, focus, setTone, keepMany };

/**
 * The texts whose contrast is below what WCAG 2 asks for at level AA, 4.5, or 3 for large text; each with its ratio, and the number
 * of those that were measured.
 */
function lowContrasts() {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

  function parse(text) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  }

  function over([red, green, blue, alpha], below) {
    const mix = (top, bottom) => top * alpha + bottom * (1 - alpha);
    return [mix(red, below[0]), mix(green, below[1]), mix(blue, below[2]), 1];
  }

  function backgroundOf(element) {
    if (element === null) return parse('Canvas');
    const own = parse(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, backgroundOf(element.parentElement));
  }

  function luminance([red, green, blue]) {
    const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  }

  function ratio(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  const low = [];
  let measured = 0;
  for (const element of document.body.querySelectorAll('*')) {
    const texts = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
    const words = texts.map(({ textContent }) => textContent.trim()).join(' ');
    const isHidden = !element.checkVisibility() || element.closest('.visually-hidden, svg, script, noscript') !== null;
    if (words.trim() === '' || isHidden) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const background = backgroundOf(element);
    const found = ratio(over(parse(color), background), background);
    const size = parseFloat(fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
    measured += 1;
    if (found < (isLarge ? 3 : 4.5)) low.push(`${found.toFixed(2)}: ${words}`);
  }
  return { measured, low };
}

/** What has the focus, and how wide its outline is. */
function focus() {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return { name: document.activeElement.textContent.trim(), outline: outlineStyle === 'none' ? '0' : outlineWidth };
}

function setTone(tone) {
  for (const state of document.querySelectorAll('[data-part=state]')) state.dataset.tone = tone;
}

/** How much the page keeps of a long past, which it is sent once more after a reconnect. */
async function keepMany(count) {
  const { History } = await import('/history.js');
  const history = new History(1_000, 180);
  for (let id = 1; id <= count; id += 1) history.add([{ at: id * 1_000 }], [{ id, at: id * 1_000 }]);
  history.add([...history.samples], [...history.events]);
  return [history.samples.length, history.events.length];
}
