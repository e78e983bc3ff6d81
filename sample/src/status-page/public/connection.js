/** There is an update at least every second, so a longer silence means that the connection is dead. */
const SILENCE_MS = 5_000;
const RETRY_MS = 1_000;

/** Listens to the server's updates, and connects again whenever it has to. */
export function connect(url, onUpdate, onState) {
  let source;
  let heardAt;

  function open() {
    source?.close();
    heardAt = Date.now();
    source = new EventSource(url);
    source.addEventListener('message', ({ data }) => {
      heardAt = Date.now();
      onState('live');
      onUpdate(JSON.parse(data));
    });
    source.addEventListener('error', () => onState('lost'));
  }

  setInterval(() => {
    const isSilent = Date.now() - heardAt > SILENCE_MS;
    if (isSilent) onState('lost');
    // An EventSource gives up when it is answered with an error, by a proxy for instance.
    if (isSilent || source.readyState === EventSource.CLOSED) open();
  }, RETRY_MS);
  open();
}
