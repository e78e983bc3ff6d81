export { DidomiHealthIndicator, type DidomiHealthOptions } from './didomi-health.indicator.js';
