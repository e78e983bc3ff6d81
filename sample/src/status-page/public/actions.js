const STEADY_MS = 500;
const MAX_STEADY_UNDER_WAY = 4;

/** Connects the buttons of a card with the sample. */
export class Actions {
  #brand;
  #root;
  #result;
  #steadyTimer;
  #steadyUnderWay = 0;

  constructor(root, brand, result) {
    this.#root = root;
    this.#brand = encodeURIComponent(brand);
    this.#result = result;
    root.addEventListener('click', ({ target }) => {
      const button = target.closest('button');
      if (button) void this.#press(button);
    });
  }

  stop() {
    clearInterval(this.#steadyTimer);
  }

  /** @param faults what is wrong with the fake; undefined without one. */
  show(faults) {
    for (const button of this.#root.querySelectorAll('[data-fault]')) {
      button.setAttribute('aria-pressed', String(faults?.includes(button.dataset.fault) ?? false));
    }
  }

  async #press(button) {
    const { calls, fault } = button.dataset;
    const isPressed = button.getAttribute('aria-pressed') === 'true';
    if (calls !== undefined) await this.#sendCalls(Number(calls));
    else if ('steady' in button.dataset) this.#toggleSteady(button);
    else if (fault !== undefined) await this.#change(isPressed ? 'DELETE' : 'PUT', `faults/${fault}`);
    else if ('revoke' in button.dataset) await this.#change('DELETE', 'access-tokens', 'Access tokens revoked');
    else if ('recover' in button.dataset) await this.#change('DELETE', 'faults', 'The fake works again');
  }

  async #sendCalls(count) {
    this.#result.textContent = `${count} calls under way …`;
    const result = await this.#send(count);
    if (result) this.#result.textContent = `${count} calls: ${result.answered} answered, ${result.failed} failed`;
  }

  #toggleSteady(button) {
    const isOn = this.#steadyTimer !== undefined;
    button.setAttribute('aria-pressed', String(!isOn));
    clearInterval(this.#steadyTimer);
    this.#steadyTimer = isOn ? undefined : setInterval(() => void this.#sendSteady(), STEADY_MS);
  }

  async #sendSteady() {
    if (this.#steadyUnderWay >= MAX_STEADY_UNDER_WAY) return;
    this.#steadyUnderWay += 1;
    await this.#send(1);
    this.#steadyUnderWay -= 1;
  }

  async #send(count) {
    const answer = await this.#fetch(`status-page/brands/${this.#brand}/calls`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ count }),
    });
    return await answer?.json();
  }

  async #change(method, path, done = '') {
    const answer = await this.#fetch(`fake/${this.#brand}/${path}`, { method });
    if (answer) this.#result.textContent = done;
  }

  async #fetch(url, options) {
    try {
      const answer = await fetch(url, options);
      if (answer.ok) return answer;
      this.#result.textContent = `The sample answered ${answer.status}`;
    } catch {
      this.#result.textContent = 'The sample cannot be reached';
    }
    return undefined;
  }
}
