import { Agent, type AgentOptions } from 'node:https';

/** By these, the known agents that connect through a proxy themselves can be told: https-proxy-agent, hpagent, tunnel, proxy-agent. */
const PROXY_AGENT_MARKS = ['proxy', 'proxyOptions', 'getProxyForUrl'];

/** Whether an agent of the application connects through a proxy by itself. Another tunnel inside of its own would be one too many. */
export function isProxyAgent(agent: object): boolean {
  return PROXY_AGENT_MARKS.some((mark) => Object.hasOwn(agent, mark));
}

/**
 * Whether Node.js connects an agent through the proxy of the environment by itself, as it can from 22.21 and 24.5 on for agents
 * that were made with `proxyEnv`.
 */
export function readsEnvironment(agent: object): boolean {
  const { options } = agent as Partial<Agent> & { options?: { proxyEnv?: unknown } };
  return (
    process.allowedNodeEnvironmentFlags.has('--use-env-proxy') &&
    options !== undefined &&
    Object.hasOwn(options, 'proxyEnv') &&
    options.proxyEnv != null
  );
}

/** Pool and TLS options of an agent of the application, for a tunnel that takes its place. */
export function optionsOf(agent: object): AgentOptions {
  const { proxyEnv: _, ...options } = { proxyEnv: undefined, ...(agent as Partial<Agent>).options };
  return options;
}
