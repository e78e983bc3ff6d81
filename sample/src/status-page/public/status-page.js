import { BrandCard } from './brand-card.js';
import { connect } from './connection.js';

const main = document.getElementById('brands');
const connection = document.getElementById('connection');
const CONNECTION_TEXTS = { live: 'Live', lost: 'Connection lost, trying again …' };

/** The cards by the id of their brand. */
const cards = new Map();
let run;

function show(update) {
  if (update.run !== run) {
    // The application was restarted: what is here is of the one before.
    run = update.run;
    for (const card of cards.values()) card.remove();
    cards.clear();
  }
  for (const brand of update.brands) {
    if (!cards.has(brand.id)) cards.set(brand.id, new BrandCard(main, brand, update));
    cards.get(brand.id).update(brand, update.now);
  }
}

function showConnection(state) {
  if (connection.dataset.state === state) return;
  connection.dataset.state = state;
  connection.textContent = CONNECTION_TEXTS[state];
}

connect('status-page/stream', show, showConnection);
