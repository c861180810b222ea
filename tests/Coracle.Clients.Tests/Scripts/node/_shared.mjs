// What the scripts share: the configuration, a namespace of one's own, and claims that say what was found instead.
import { isDeepStrictEqual } from 'node:util';
import * as k8s from '@kubernetes/client-node';

export const config = new k8s.KubeConfig();
config.loadFromFile(process.env.KUBECONFIG);
export const namespace = process.env.NAMESPACE;
export const core = config.makeApiClient(k8s.CoreV1Api);
export const apps = config.makeApiClient(k8s.AppsV1Api);

// Runs the script in its namespace. Connections that are still open do not keep it from its end.
export async function script(main) {
  try {
    await core.createNamespace({ body: { metadata: { name: namespace } } });
    await main();
  } catch (e) {
    console.error(e);
    process.exitCode = 1;
  }
  await core.deleteNamespace({ name: namespace }).catch(console.error);
  process.exit();
}

export function equal(actual, expected, what) {
  if (!isDeepStrictEqual(actual, expected)) throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

export function holds(claim, what) {
  if (!claim) throw new Error(what);
}

// What is called is refused, as this client reports a refusal: an ApiException whose body is the server's Status.
export async function refused(code, reason, call, message) {
  let answer;
  try {
    answer = await call();
  } catch (e) {
    if (!(e instanceof k8s.ApiException)) throw e;
    const status = typeof e.body === 'string' ? JSON.parse(e.body) : e.body;
    equal([e.code, status.kind, status.reason], [code, 'Status', reason], `a refusal (${status.message})`);
    if (message) equal(status.message, message, 'message of a refusal');
    return status;
  }
  throw new Error(`expected a refusal with ${code} ${reason}, got ${JSON.stringify(answer)}`);
}

// What the condition gives, as soon as it is true.
export async function until(what, condition, seconds = 60) {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function isGone(call) {
  try {
    await call();
    return false;
  } catch (e) {
    if (e.code === 404) return true;
    throw e;
  }
}

export const configMap = (name, data, labels) => ({ metadata: { name, labels }, data });

export const deployment = (name, replicas = 1, image = 'registry.example.com/app:1') => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace, labels: { app: name } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } },
  },
});
